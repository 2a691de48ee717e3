namespace Delivery.Tracker;

/// <summary>When the journal is flushed to disk.</summary>
internal enum JournalFsync
{
    /// <summary>Before an answer to an event that Redis did not take in time.</summary>
    Unconfirmed,

    /// <summary>Before every event is published, too.</summary>
    Always,
}
