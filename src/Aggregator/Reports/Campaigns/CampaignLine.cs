using System.Text.Json.Serialization;
using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>A campaign and what became of its mails: the figures of its jobs, added up.</summary>
internal sealed record CampaignLine : MailFigures
{
    public CampaignLine(CampaignRow row, FigureTally figures)
        : base(figures)
    {
        CampaignId = row.CampaignId;
        Jobs = row.Jobs;
        FirstCreated = DateTimeOffset.FromUnixTimeMilliseconds(row.FirstMs);
        LastCreated = DateTimeOffset.FromUnixTimeMilliseconds(row.LastMs);
    }

    [JsonPropertyOrder(-4)]
    public string CampaignId { get; }

    /// <summary>How many it has.</summary>
    [JsonPropertyOrder(-3)]
    public ulong Jobs { get; }

    [JsonPropertyOrder(-2)]
    public DateTimeOffset FirstCreated { get; }

    [JsonPropertyOrder(-1)]
    public DateTimeOffset LastCreated { get; }
}
