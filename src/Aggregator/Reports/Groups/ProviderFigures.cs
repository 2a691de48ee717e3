using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Reports.Groups;

/// <summary>The recipients whose mailboxes one provider keeps (<see cref="MailProviders"/>).</summary>
internal sealed record ProviderFigures : GroupFigures
{
    public ProviderFigures(GroupRow row)
        : base(row) => Provider = row.Name;

    [JsonPropertyOrder(-1)]
    public string Provider { get; }
}
