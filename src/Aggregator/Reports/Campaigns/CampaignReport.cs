using Delivery.Aggregator.Reports.Figures;
using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>A campaign: its jobs, its mails added up, and the persons behind them.</summary>
/// <param name="Jobs">The newest; <paramref name="Mails"/> and <paramref name="People"/> are of all.</param>
/// <param name="Rates">Of persons, each counted once.</param>
internal sealed record CampaignReport(
    string CampaignId, DateTimeOffset? FreshAsOf, ulong JobCount, IReadOnlyList<JobLine> Jobs, MailFigures Mails, CampaignPeople People, CampaignRates Rates)
{
    public static CampaignRates RatesOf(CampaignPeople people) => new(
        FigureTally.Share(people.Opened, people.Delivered),
        FigureTally.Share(people.Clicked, people.Delivered),
        FigureTally.Share(people.Clicked, people.Opened),
        FigureTally.Share(people.Unsubscribed, people.Delivered));
}

/// <summary>Shares from 0 to 1 of persons who had any mail of the campaign delivered; null where there is nobody.</summary>
internal sealed record CampaignRates(double? Open, double? Click, double? ClickToOpen, double? Unsubscribe);
