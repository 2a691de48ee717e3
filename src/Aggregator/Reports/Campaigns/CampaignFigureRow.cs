using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>A row of figures of a campaign; people are counted once in each job.</summary>
internal sealed record CampaignFigureRow(string CampaignId, string Kind, byte Human, ulong Events, ulong People)
{
    public FigureRow Figures => new(Kind, Human, Events, People);
}
