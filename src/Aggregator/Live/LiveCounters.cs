using System.Diagnostics.CodeAnalysis;
using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Live;

/// <summary>The line of a job as of a moment.</summary>
internal sealed record LiveCounters : JobLine
{
    [SetsRequiredMembers]
    public LiveCounters(JobLine line, DateTimeOffset? freshAsOf)
        : base(line) => FreshAsOf = freshAsOf;

    /// <summary>Everything published before this moment is counted; null where that cannot be told now.</summary>
    public DateTimeOffset? FreshAsOf { get; }
}
