namespace Delivery.Aggregator.Hindsight;

/// <summary>What is known of one recipient's reading around some moment.</summary>
/// <param name="DeliveredMs">Null where that is not known, or not near.</param>
/// <param name="Events">By time.</param>
/// <param name="FromMs">Events before this moment are there for their neighbours' sake, and are not revised.</param>
/// <param name="ToMs">The same for events after it.</param>
internal sealed record ReadingHistory(
    uint Account, ulong Job, uint Recipient, long? DeliveredMs, LinkCounts Links, IReadOnlyList<ReaderEvent> Events, long FromMs, long ToMs);
