using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Publishing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Tests.Journaling;

/// <summary>Writes a journal as a tracker does that never reaches Redis.</summary>
internal static class JournalFiller
{
    public static EventJournal Open(string folder, int segmentBytes = 1024 * 1024, int shards = 1) => EventJournal.Open(
        Options.Create(new TrackerOptions { Journal = folder, JournalSegmentBytes = segmentBytes }),
        Options.Create(new RedisOptions { Shards = shards }),
        TimeProvider.System,
        NullLogger<EventJournal>.Instance);

    public static void Fill(string folder, ulong job, uint firstRecipient, int entries, int recordsEach)
    {
        using var journal = Open(folder);
        for (var i = 0; i < entries; i++)
            Assert.True(journal.TryAppend(0, Entry(job, firstRecipient + (uint)(i * recordsEach), recordsEach)));
    }

    public static PackedEntry Entry(ulong job, uint firstRecipient, int records)
    {
        var entry = new PackedEntry(new EntryWriter());
        for (var i = 0; i < records; i++)
        {
            entry.Writer.Add(new DeliveryEvent
            {
                Kind = EventKind.Clicked,
                TimeMs = 1_763_769_600_000,
                Account = 7,
                Job = job,
                Recipient = firstRecipient + (uint)i,
                Class = ReaderClass.Human,
                Url = "https://example.com/" + new string('x', 300),
                UserAgent = TrackerHost.Browser,
            });
        }

        return entry;
    }
}
