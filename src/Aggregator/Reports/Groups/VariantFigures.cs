using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Reports.Groups;

/// <summary>The recipients of one A/B variant; blank for those without.</summary>
internal sealed record VariantFigures : GroupFigures
{
    public VariantFigures(GroupRow row)
        : base(row) => Variant = row.Name;

    [JsonPropertyOrder(-1)]
    public string Variant { get; }
}
