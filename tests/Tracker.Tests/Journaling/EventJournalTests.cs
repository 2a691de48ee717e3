using Delivery.Testing;
using Delivery.Tracker.Journaling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Delivery.Tracker.Tests.Journaling;

/// <summary>What is read back is what was written, up to where the file was cut.</summary>
public sealed class EventJournalTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_a_journal_cut_anywhere_the_whole_entries_before_the_cut_are_left_and_no_number_is_given_twice(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            using var folder = new TemporaryFolder();
            var written = new List<(int Shard, ulong Producer, ulong First, int Count, long End)>();
            using (var journal = JournalFiller.Open(folder.Path, shards: 3))
            {
                for (var i = random.Next(1, 40); i > 0; i--)
                {
                    var shard = random.Next(3);
                    var entry = JournalFiller.Entry(1, 0, random.Next(1, 5));
                    Assert.True(journal.TryAppend(shard, entry));
                    written.Add((shard, entry.Producer, entry.First, entry.Writer.Count, entry.End.Offset));
                }
            }

            var path = Directory.GetFiles(folder.Path, "*.journal").Single();
            var cut = random.NextInt64(100, new FileInfo(path).Length + 1);
            using (var file = new FileStream(path, FileMode.Open))
                file.SetLength(cut);

            var left = written.Where(w => w.End <= cut).ToList();
            var whole = cut == (left.Count > 0 ? left[^1].End : -1);
            using (var again = JournalFiller.Open(folder.Path, shards: 3))
            {
                for (var shard = 0; shard < 3; shard++)
                {
                    var expected = left.Where(w => w.Shard == shard).Select(w => (w.Producer, w.First, w.Count)).ToList();
                    Assert.Equal(expected, Read(again, shard));
                    Assert.Equal(expected.Sum(e => e.Count), again.Recovered.Waiting[shard]);
                    var entry = JournalFiller.Entry(1, 0, 1);
                    Assert.True(again.TryAppend(shard, entry));
                    Assert.DoesNotContain(written, w => w.Shard == shard && w.Producer == entry.Producer
                        && entry.First >= w.First && entry.First < w.First + (ulong)w.Count && (!whole || w.End <= cut));
                }
            }
        }
    }

    [Fact]
    public void After_the_machine_went_down_numbers_go_on_under_a_fresh_name_unless_the_tracker_had_stopped()
    {
        using var crashed = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        var before = Write(crashed.Path, close: false);
        Assert.NotEqual(before, Restarted(crashed.Path));
        before = Write(stopped.Path, close: true);
        Assert.Equal(before, Restarted(stopped.Path));

        static ulong Write(string folder, bool close)
        {
            using var journal = JournalFiller.Open(folder);
            Assert.True(journal.TryAppend(0, JournalFiller.Entry(1, 0, 3)));
            if (close)
                journal.Close();
            return journal.NumbersOf(0).Producer;
        }

        // The head of the segment as another run of the machine would have written it.
        static ulong Restarted(string folder)
        {
            var path = Directory.GetFiles(folder, "*.journal").Single();
            SegmentHeader header;
            using (var file = JournalFolder.Open(path))
                header = SegmentHeader.Read(file)!;
            using (var file = new FileStream(path, FileMode.Open))
                file.Write((header with { Boot = Guid.NewGuid() }).ToBytes());
            using var journal = JournalFiller.Open(folder);
            Assert.Equal(3, journal.Recovered.Waiting[0]);
            return journal.NumbersOf(0).Producer;
        }
    }

    [Fact]
    public void A_renumbering_holds_for_what_was_written_before_it_and_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        ulong old, fresh;
        using (var journal = JournalFiller.Open(folder.Path))
        {
            old = journal.NumbersOf(0).Producer;
            for (var i = 0; i < 4; i++)
                Assert.True(journal.TryAppend(0, JournalFiller.Entry(1, 0, 10)));
            Assert.True(journal.TryRenumber(0, old, 21, out fresh));
            Assert.True(journal.TryAppend(0, JournalFiller.Entry(1, 0, 5)));
            Check(journal);
        }

        using var again = JournalFiller.Open(folder.Path);
        Check(again);
        Assert.Equal(new ShardNumbers(fresh, 26), again.NumbersOf(0));
        Assert.Equal(20UL, again.Recovered.Given[0][old]);

        void Check(EventJournal journal) => Assert.Equal(
            [(old, 1UL, 10), (old, 11UL, 10), (fresh, 1UL, 10), (fresh, 11UL, 10), (fresh, 21UL, 5)], Read(journal, 0));
    }

    [Fact]
    public void Events_of_a_shard_that_is_no_longer_set_stop_the_start()
    {
        using var folder = new TemporaryFolder();
        using (var journal = JournalFiller.Open(folder.Path, shards: 4))
            Assert.True(journal.TryAppend(3, JournalFiller.Entry(1, 0, 1)));
        var fault = Assert.Throws<InvalidDataException>(() => JournalFiller.Open(folder.Path, shards: 2).Dispose());
        Assert.Contains("Redis:Shards", fault.Message, StringComparison.Ordinal);
        using var raised = JournalFiller.Open(folder.Path, shards: 8);
        Assert.Equal(1, raised.Recovered.Waiting[3]);
    }

    private static List<(ulong Producer, ulong First, int Count)> Read(EventJournal journal, int shard)
    {
        var reader = new JournalReader(journal, shard, NullLogger.Instance);
        reader.Seek(JournalPosition.Beginning);
        var found = new List<(ulong, ulong, int)>();
        while (reader.TryNext(journal.EndOf(shard), out var header, out _))
            found.Add((header.Producer, header.First, header.Count));
        reader.Release();
        return found;
    }
}
