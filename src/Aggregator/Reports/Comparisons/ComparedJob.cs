using System.Text.Json.Serialization;
using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Reports.Comparisons;

/// <summary>A job of a comparison, with the links of its mail.</summary>
internal sealed record ComparedJob : JobLine
{
    public ComparedJob(JobLine line, IReadOnlyList<LinkReport> links)
        : base(line) => Links = links;

    [JsonPropertyOrder(1)]
    public IReadOnlyList<LinkReport> Links { get; }
}
