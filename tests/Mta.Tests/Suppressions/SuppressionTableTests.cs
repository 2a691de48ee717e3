using System.Security.Cryptography;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Suppressions;

namespace Delivery.Mta.Tests.Suppressions;

public sealed class SuppressionTableTests
{
    private static readonly RecipientKey Jane = new(1, 2);

    [Fact]
    public void What_is_about_all_mail_holds_for_every_list_and_a_list_for_itself_alone()
    {
        var table = new SuppressionTable();
        table.Add(new SuppressionSlot(1, 2, 7, 5, SuppressionReason.Unsubscribe));
        Assert.True(table.Contains(7, Jane, 5));
        Assert.False(table.Contains(7, Jane, 6));
        Assert.False(table.Contains(7, Jane, 0));
        Assert.False(table.Contains(8, Jane, 5));
        table.Add(new SuppressionSlot(1, 2, 7, 0, SuppressionReason.HardBounce));
        Assert.True(table.Contains(7, Jane, 6));
        Assert.True(table.Contains(7, Jane, 0));
    }

    [Fact]
    public void It_answers_like_a_set_through_any_adding_and_removing()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 20; round++)
        {
            var table = new SuppressionTable();
            var model = new Dictionary<(uint, RecipientKey), List<SuppressedFor>>();
            for (var step = 0; step < 5_000; step++)
            {
                // Few keys, so that each is met often; the same key in two accounts.
                var key = new RecipientKey((ulong)random.Next(300), 9);
                var account = (uint)random.Next(1, 3);
                var reasons = Enumerable.Range(0, random.Next(4))
                    .Select(_ => new SuppressedFor((SuppressionReason)random.Next(1, 5), (uint)random.Next(3), 0)).Distinct().ToList();
                table.Replace(account, key, reasons);
                model[(account, key)] = reasons;
            }

            Assert.Equal(model.Values.Sum(reasons => reasons.Count), table.Count);
            Assert.Equal(table.Count, table.Parts().Sum(part => part.Length));
            foreach (var ((account, key), reasons) in model)
            {
                for (var list = 0u; list < 4; list++)
                    Assert.Equal(reasons.Any(why => why.List == 0 || why.List == list), table.Contains(account, key, list));
            }
        }
    }

    [Fact]
    public async Task Readers_never_miss_what_stands_while_others_are_added_and_removed()
    {
        var table = new SuppressionTable();
        for (var i = 0ul; i < 2_000; i++)
            table.Add(new SuppressionSlot(i, 1, 1, 0, SuppressionReason.Manual));
        var writing = Task.Run(() =>
        {
            for (var i = 0ul; i < 60_000; i++)
                table.Replace(1, new RecipientKey(i % 30_000, 2), i < 30_000 ? [new SuppressedFor(SuppressionReason.Manual, 0, 0)] : []);
        });
        do
        {
            for (var i = 0ul; i < 2_000; i++)
                Assert.True(table.Contains(1, new RecipientKey(i, 1), 0));
        }
        while (!writing.IsCompleted);
        await writing;
        Assert.Equal(2_000, table.Count);
    }

    [Fact]
    public void A_million_take_at_most_48_bytes_each()
    {
        var table = Random(1_000_000);
        Assert.Equal(1_000_000, table.Count);
        Assert.InRange(table.Bytes / 1_000_000.0, SuppressionSlot.Size, 48);
    }

    [Fact]
    public void A_snapshot_gives_back_what_was_written_and_a_damaged_one_is_refused()
    {
        using var folder = new Testing.TemporaryFolder();
        var path = folder.File("suppressions");
        Assert.Null(SuppressionSnapshot.Read(path));
        var copy = new SuppressionCopy { Stand = new SuppressionStand("epoch", 77, "5-6") };
        foreach (var part in Random(10_000).Parts())
        {
            foreach (var slot in part)
                copy.Table.Add(slot);
        }

        SuppressionSnapshot.Write(path, copy);
        var read = SuppressionSnapshot.Read(path)!;
        Assert.Equal(copy.Stand, read.Stand);
        Assert.Equal(10_000, read.Table.Count);
        Assert.Empty(copy.Table.Without(read.Table));

        var bytes = File.ReadAllBytes(path);
        foreach (var at in new[] { 0, 9, 17, 30, bytes.Length / 2, bytes.Length - 1 })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 1;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<InvalidDataException>(() => SuppressionSnapshot.Read(path));
        }

        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Throws<InvalidDataException>(() => SuppressionSnapshot.Read(path));
        File.WriteAllBytes(path, []);
        Assert.Throws<InvalidDataException>(() => SuppressionSnapshot.Read(path));
    }

    private static SuppressionTable Random(int count)
    {
        var table = new SuppressionTable();
        var bytes = new byte[RecipientKey.Size];
        for (var i = 0; i < count; i++)
        {
            RandomNumberGenerator.Fill(bytes);
            var key = RecipientKey.Read(bytes);
            table.Add(new SuppressionSlot(key.High, key.Low, 1, 0, SuppressionReason.Unsubscribe));
        }

        return table;
    }
}
