using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>What became of a job, with the links of its mail.</summary>
internal sealed record JobReport : JobLine
{
    public JobReport(JobLine line, DateTimeOffset? freshAsOf, IReadOnlyList<LinkReport> links)
        : base(line)
    {
        FreshAsOf = freshAsOf;
        Links = links;
    }

    /// <summary>Everything published before this moment is counted; null where that cannot be told now.</summary>
    public DateTimeOffset? FreshAsOf { get; }

    [JsonPropertyOrder(1)]
    public IReadOnlyList<LinkReport> Links { get; }
}
