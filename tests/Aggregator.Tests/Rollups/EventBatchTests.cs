using System.Buffers.Binary;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Streams;
using Delivery.Contracts;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Rollups;

public class EventBatchTests
{
    private static readonly DeliveryEvent Click = new()
    {
        Kind = EventKind.Clicked, TimeMs = EventLimits.MinTimeMs + 5, Account = 7, Job = 99, Recipient = 3, Position = 2, Link = 1, Url = "https://x.example/",
    };

    private static readonly DeliveryEvent Accepted = Click with { Kind = EventKind.Accepted, Url = null, Position = 0, Link = 0 };

    [Fact]
    public void An_event_becomes_its_prefix_and_its_own_bytes()
    {
        var writer = new EntryWriter();
        writer.Add(Click);
        var batch = new EventBatch(4) { Fence = 77 };
        batch.Add(Entry("5-0", 11, 20, writer), new ProducerMarks());

        Assert.Equal(1, batch.Events.Count);
        var row = batch.Events[0];
        Assert.Equal(77UL, BinaryPrimitives.ReadUInt64LittleEndian(row));
        Assert.Equal(11UL, BinaryPrimitives.ReadUInt64LittleEndian(row[8..]));
        Assert.Equal(4, BinaryPrimitives.ReadUInt16LittleEndian(row[16..]));
        Assert.Equal(20UL, BinaryPrimitives.ReadUInt64LittleEndian(row[18..]));
        Assert.True(row[26..].SequenceEqual(writer.Written.Span[5..]));
        Assert.Equal([99UL], batch.JobIds);
        Assert.Equal(new EventId(11, 20), new EventRowView(row).Id);
        Assert.Equal(Click.TimeMs, new EventRowView(row).TimeMs);
        Assert.False(batch.IsSuspect);
    }

    [Fact]
    public void An_accepted_event_also_gives_its_recipient()
    {
        var writer = new EntryWriter();
        writer.AddAccepted(Accepted, new RecipientDimension("c-1", "B", "example.com", new RecipientKey(1, 2), default));
        var batch = new EventBatch(0);
        batch.Add(Entry("5-0", 1, 1, writer), new ProducerMarks());

        Assert.Equal(1, batch.Recipients.Count);
        var row = batch.Recipients[0];
        Assert.Equal(7u, BinaryPrimitives.ReadUInt32LittleEndian(row));
        Assert.Equal(99UL, BinaryPrimitives.ReadUInt64LittleEndian(row[4..]));
        Assert.Equal(3u, BinaryPrimitives.ReadUInt32LittleEndian(row[12..]));
        Assert.True(row[16..20].SequenceEqual("\u0003c-1"u8));
    }

    [Fact]
    public void Jobs_links_and_mails_go_to_their_own_tables_and_take_numbers()
    {
        var writer = new EntryWriter();
        writer.AddJob(new JobDimension(7, 99, EventLimits.MinTimeMs, "c", "s", "f", "n", default));
        writer.AddLink(new LinkDimension(7, 99, 1, 1, "html", "https://x.example/", "x"));
        writer.AddMail(new MailDimension(7, 99, 0, 1, false, null, "ltr", "<p>"u8.ToArray()));
        writer.Add(Click);
        var batch = new EventBatch(0);
        batch.Add(Entry("5-0", 1, 1, writer), new ProducerMarks());

        Assert.Equal((1, 1, 1, 1, 1), (batch.Jobs.Count, batch.Links.Count, batch.Mails.Count, batch.Aside.Count, batch.Events.Count));
        Assert.Equal(4UL, new EventRowView(batch.Events[0]).Id.Number);
    }

    [Fact]
    public void A_bad_record_is_set_aside_and_its_neighbours_stay()
    {
        var writer = new EntryWriter();
        writer.Add(Click);
        writer.Add(Click with { Recipient = 4 });
        writer.Add(Click with { Recipient = 5 });
        var bytes = writer.Written.ToArray();
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1));
        bytes[1 + 4 + length + 4] = 200;
        var batch = new EventBatch(0);
        batch.Add(new StreamEntry(5, 0, 1, 10, 3, bytes, null), new ProducerMarks());

        Assert.Equal(2, batch.Events.Count);
        Assert.Equal(12UL, new EventRowView(batch.Events[1]).Id.Number);
        var letter = Assert.Single(batch.DeadLetters);
        Assert.Equal(("unknown kind 200", "1", "11", "5-0"), (letter.Reason, letter.Producer, letter.Number, letter.Entry));
        Assert.Equal(bytes.AsSpan(1 + 4 + length + 4, length).ToArray(), letter.Raw);
    }

    [Fact]
    public void An_entry_that_cannot_be_walked_is_set_aside_whole()
    {
        var batch = new EventBatch(0);
        batch.Add(new StreamEntry(5, 0, 1, 1, 1, new byte[] { 9, 1, 2 }, null), new ProducerMarks());
        batch.Add(new StreamEntry(6, 0, 0, 0, 0, new byte[] { 1 }, new HeaderFault("no producer", "x", "", "")), new ProducerMarks());

        Assert.Equal(["unknown codec version 9", "no producer"], batch.DeadLetters.Select(letter => letter.Reason));
        Assert.Equal(("5-0", "6-0", 2, 0), (batch.First, batch.Last, batch.Entries, batch.Events.Count));
    }

    [Fact]
    public void Numbers_that_do_not_rise_make_a_batch_suspect()
    {
        var writer = new EntryWriter();
        writer.Add(Click);
        var marks = new ProducerMarks();
        var batch = new EventBatch(0);
        batch.Add(Entry("5-0", 1, 10, writer), marks);
        batch.Add(Entry("6-0", 2, 3, writer), marks);
        Assert.False(batch.IsSuspect);
        batch.Add(Entry("7-0", 1, 10, writer), marks);
        Assert.True(batch.IsSuspect);

        batch.Clear();
        Assert.False(batch.IsSuspect);
        Assert.Equal((0, 0, 0), (batch.Events.Count, batch.Entries, batch.JobIds.Count));
    }

    [Fact]
    public void Hostile_bytes_never_throw_and_every_number_is_accounted_for()
    {
        var random = new Random(4711);
        var writer = new EntryWriter();
        for (var round = 0; round < 3_000; round++)
        {
            writer.Clear();
            for (var i = 0; i < 4; i++)
                writer.Add(Click with { Recipient = (uint)i });
            var bytes = writer.Written.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var batch = new EventBatch(0);
            batch.Add(new StreamEntry(1, 0, 1, 1, 4, bytes, null), new ProducerMarks());
            var taken = batch.Events.Count + batch.Jobs.Count + batch.Links.Count;
            Assert.True(taken + batch.DeadLetters.Count == 4 || (taken == 0 && batch.DeadLetters.Count == 1));
        }
    }

    private static StreamEntry Entry(string id, ulong producer, ulong first, EntryWriter writer) =>
        new(StreamId.Parse(System.Text.Encoding.ASCII.GetBytes(id)).Milliseconds, 0, producer, first, writer.Count, writer.Written.ToArray(), null);
}
