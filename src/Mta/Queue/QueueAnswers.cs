using System.Text.Json.Serialization;

namespace Delivery.Mta.Queue;

/// <summary>What waits, in figures.</summary>
/// <param name="Counts">All that the filter means; where it asks for more than a job, those of the scanned recipients.</param>
/// <param name="Domains">Of the scanned recipients, most first.</param>
/// <param name="Reasons">Of the scanned recipients, most first: their last replies, without what differs from one to the next.</param>
/// <param name="Scanned">Recipients looked at.</param>
/// <param name="Approximate">More wait than were looked at: domains and reasons are of a part, and so are counts where they are of the scanned.</param>
internal sealed record QueueSummary(
    QueueCounts Counts, QueueOldest Oldest, IReadOnlyList<DomainCount> Domains, IReadOnlyList<ReasonCount> Reasons, long Scanned, bool Approximate);

/// <param name="WaitingSince">Start of the oldest job with recipients that are free to be tried and never were.</param>
/// <param name="DueSince">When the attempt was due that is due longest, among the scanned.</param>
internal sealed record QueueOldest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? WaitingSince,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? DueSince);

internal sealed record DomainCount(string Domain, long Total, long Waiting, long Held, long InFlight, long Deferred);

internal sealed record ReasonCount(string Reason, string Class, long Recipients);

/// <summary>A page of what waits.</summary>
/// <param name="Scanned">Recipients looked at for this page.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null where there is none. A page may hold fewer than asked for, even none, and have a next one.</param>
internal sealed record QueueList(
    IReadOnlyList<QueuedRecipient> Recipients, long Scanned, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <param name="Since">Since when it waits: its job's start, or its acceptance where the job was not started.</param>
/// <param name="Reason">The last reply.</param>
internal sealed record QueuedRecipient(
    string Job, uint Ordinal, string Email, string Domain, string State, int Attempts, bool Uncertain, DateTimeOffset Since, DateTimeOffset? NextAttempt, string? Class, string? Reason);

/// <summary>What was done to what waits.</summary>
/// <param name="Changed">Recipients that were made due, or ended.</param>
/// <param name="InFlight">Recipients that the filter means and that were in flight: left alone.</param>
/// <param name="Scanned">Recipients looked at.</param>
/// <param name="Next">What to give as <c>after</c> to go on; null where all were looked at.</param>
/// <param name="Note">What was left alone by design.</param>
internal sealed record QueueChange(
    long Changed, long InFlight, long Scanned, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next, string Note);
