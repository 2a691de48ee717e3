namespace Delivery.Tracker.Journaling;

/// <summary>What an entry of the journal is. On disk.</summary>
internal enum JournalEntryKind : byte
{
    /// <summary>Packed events of one shard, and the suppressions that go with them.</summary>
    Events = 1,

    /// <summary>The body is a producer id: what was written under the header's producer from its first number on has the new one, from 1 on.</summary>
    Renumbering = 2,

    /// <summary>The tracker stopped here with everything on disk.</summary>
    Closed = 3,
}
