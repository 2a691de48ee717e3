using System.Buffers.Binary;
using Delivery.Contracts.Events;
using Delivery.Testing.Rows;

namespace Delivery.Contracts.Tests.Events;

/// <summary>Bytes that no writer of ours wrote: told apart, never thrown over, never let into a block.</summary>
public sealed class HostileEntryTests
{
    private const int KindAt = 0;
    private const int TimeAt = 1;
    private const int ClassAt = 1 + 8 + 4 + 8 + 4 + 2 + 2 + 2;

    [Fact]
    public void A_cut_entry_is_never_read_as_whole()
    {
        var (entry, count) = Entry(11, 6);
        for (var length = 0; length < entry.Length; length++)
            Assert.False(EntryReader.TryOpen(entry.AsSpan(0, length), count, out _, out _));
    }

    [Fact]
    public void Any_flipped_bit_leaves_only_records_that_an_independent_decoder_reads()
    {
        var sound = 0;
        var faulty = 0;
        for (var seed = 0; seed < 4; seed++)
        {
            var (entry, count) = Entry(100 + seed, 5);
            for (var bit = 0; bit < entry.Length * 8; bit++)
            {
                entry[bit / 8] ^= (byte)(1 << (bit % 8));
                Walk(entry, count, ref sound, ref faulty);
                entry[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(sound > 1_000 && faulty > 1_000, $"{sound} sound, {faulty} faulty");
    }

    [Fact]
    public void Random_bytes_in_random_places_never_throw()
    {
        var random = new Random(12);
        var sound = 0;
        var faulty = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var (entry, count) = Entry(round % 50, 3);
            for (var n = random.Next(1, 30); n > 0; n--)
                entry[random.Next(entry.Length)] = (byte)random.Next(256);
            Walk(entry, count, ref sound, ref faulty);
            Walk(entry[..random.Next(entry.Length)], count, ref sound, ref faulty);
            random.NextBytes(entry.AsSpan(1));
            entry[0] = EntryWriter.Version;
            Walk(entry, random.Next(3), ref sound, ref faulty);
        }

        Assert.True(faulty > 0);
    }

    [Theory]
    [InlineData(KindAt, 0, "unknown kind 0")]
    [InlineData(KindAt, 13, "unknown kind 13")]
    [InlineData(KindAt, 64, "unknown kind 64")]
    [InlineData(KindAt, 255, "unknown kind 255")]
    [InlineData(ClassAt, 3, "unknown enum value")]
    [InlineData(TimeAt + 7, 0x7F, "time out of range")]
    [InlineData(TimeAt + 7, 0xFF, "time out of range")]
    public void A_bad_record_is_told_apart_and_its_neighbours_stay_readable(int at, byte value, string fault)
    {
        var writer = new EntryWriter();
        var e = new DeliveryEvent { Kind = EventKind.Opened, TimeMs = EventLimits.MinTimeMs, Account = 1, Job = 1, Recipient = 0 };
        for (var i = 0u; i < 3; i++)
            writer.Add(e with { Recipient = i });
        var entry = writer.Written.ToArray();
        var length = (entry.Length - 1) / 3;
        entry[1 + length + 4 + at] = value;

        Assert.True(EntryReader.TryOpen(entry, 3, out var reader, out _));
        var faults = new List<string?>();
        var recipients = new List<uint>();
        while (reader.TryNext())
        {
            faults.Add(reader.Fault);
            if (reader.Fault is null)
                recipients.Add(RowDecoder.Event(reader.Body).Recipient);
            else
                Assert.Equal(length - 4, reader.Raw.Length);
        }

        Assert.Equal([null, fault, null], faults);
        Assert.Equal([0u, 2], recipients);
    }

    [Theory]
    [InlineData(EventLimits.MinTimeMs, true)]
    [InlineData(EventLimits.MinTimeMs - 1, false)]
    [InlineData(EventLimits.MaxTimeMs, true)]
    [InlineData(EventLimits.MaxTimeMs + 1, false)]
    [InlineData(long.MinValue, false)]
    [InlineData(0, false)]
    public void A_time_counts_only_within_its_range(long timeMs, bool sound)
    {
        var writer = new EntryWriter();
        writer.Add(new DeliveryEvent { Kind = EventKind.Opened, TimeMs = timeMs, Account = 1, Job = 1, Recipient = 0 });
        Assert.True(EntryReader.TryOpen(writer.Written.Span, 1, out var reader, out _));
        Assert.True(reader.TryNext());
        Assert.Equal(sound, reader.Fault is null);
    }

    [Fact]
    public void A_version_that_nobody_knows_a_wrong_count_and_an_endless_entry_are_refused_whole()
    {
        var (entry, count) = Entry(13, 4);
        Assert.False(EntryReader.TryOpen(entry, count + 1, out _, out var fault));
        Assert.Contains("header", fault, StringComparison.Ordinal);
        Assert.False(EntryReader.TryOpen(entry, count - 1, out _, out _));
        Assert.False(EntryReader.TryOpen([], 0, out _, out _));
        entry[0] = EntryWriter.Version + 1;
        Assert.False(EntryReader.TryOpen(entry, count, out _, out fault));
        Assert.Contains("version", fault, StringComparison.Ordinal);
        Assert.False(EntryReader.TryOpen(new byte[] { EntryWriter.Version, 255, 255, 255, 255, 1 }, 1, out _, out _));
        var endless = new byte[EventLimits.EntryBytes + 1];
        endless[0] = EntryWriter.Version;
        Assert.False(EntryReader.TryOpen(endless, 1, out _, out _));
    }

    [Fact]
    public void A_record_over_the_limit_is_flagged_with_its_own_kind()
    {
        var entry = new byte[1 + 4 + EventLimits.RecordBytes + 1];
        entry[0] = EntryWriter.Version;
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(1), EventLimits.RecordBytes + 1);
        entry[5] = (byte)EventKind.Bounced;
        Assert.True(EntryReader.TryOpen(entry, 1, out var reader, out _));
        Assert.True(reader.TryNext());
        Assert.Equal("record over the size limit", reader.Fault);
        Assert.Equal((byte)EventKind.Bounced, reader.Kind);
    }

    private static void Walk(byte[] entry, int count, ref int sound, ref int faulty)
    {
        if (!EntryReader.TryOpen(entry, count, out var reader, out var fault))
        {
            Assert.NotNull(fault);
            faulty++;
            return;
        }

        var seen = 0;
        while (reader.TryNext())
        {
            seen++;
            if (reader.Fault is not null)
            {
                faulty++;
                continue;
            }

            sound++;
            switch (reader.Kind)
            {
                case DimensionKind.Job:
                    RowDecoder.Job(reader.Body);
                    break;
                case DimensionKind.Link:
                    RowDecoder.Link(reader.Body);
                    break;
                case DimensionKind.Mail:
                    RowDecoder.Mail(reader.Body);
                    break;
                default:
                    RowDecoder.Event(reader.Body);
                    if (reader.Kind == (byte)EventKind.Accepted)
                        RowDecoder.Recipient(reader.Recipient);
                    else
                        Assert.True(reader.Recipient.IsEmpty);
                    break;
            }
        }

        Assert.Equal(count, seen);
    }

    private static (byte[] Entry, int Count) Entry(int seed, int count)
    {
        var random = new Random(seed);
        var events = new RandomEvents(random);
        var writer = new EntryWriter();
        for (var i = 0; i < count; i++)
            EntryCodecTests.AddOne(writer, events, random);
        return (writer.Written.ToArray(), count);
    }
}
