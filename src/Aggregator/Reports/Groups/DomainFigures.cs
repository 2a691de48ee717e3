using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Reports.Groups;

/// <summary>The recipients of one domain; blank for those who were erased.</summary>
internal sealed record DomainFigures : GroupFigures
{
    public DomainFigures(GroupRow row)
        : base(row) => Domain = row.Name;

    [JsonPropertyOrder(-1)]
    public string Domain { get; }
}
