using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary><c>GET /v1/campaigns</c> and <c>GET /v1/campaigns/report</c>.</summary>
internal static class CampaignEndpoints
{
    private const int MaxLimit = 1000;

    public static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/campaigns", (HttpContext http, ReportAccess access, CampaignQuery query) =>
            access.AnswerAsync(http, Right.Read, async caller =>
            {
                var asked = new ReportParameters(http.Request, "limit", "before");
                var limit = asked.Number("limit", 1, MaxLimit, 50);
                var before = asked.Text("before") is { } text ? CampaignCursor.Parse(text) : null;
                if (before is null && asked.Text("before") is not null)
                    asked.Wrong($"'before' is '{asked.Text("before")}'; give 'next' of the page before.");
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                var list = await query.ListAsync(caller.Id, before, limit, http.RequestAborted).ConfigureAwait(false);
                return ReportAnswer.Of(
                    http.Request, asked.Format, list, ReportJson.Default.CampaignList, list.Campaigns, ReportJson.Default.CampaignLine, "campaigns",
                    list.FreshAsOf, list.Next);
            }));
        routes.MapGet("/v1/campaigns/report", (HttpContext http, ReportAccess access, CampaignQuery query) =>
            access.AnswerAsync(http, Right.Read, async caller =>
            {
                var asked = new ReportParameters(http.Request, "campaign_id", "limit");
                var limit = asked.Number("limit", 1, MaxLimit, 100);
                if (asked.Text("campaign_id") is not { Length: > 0 } campaign)
                {
                    asked.Wrong("'campaign_id' is missing; give that of the campaign's jobs.");
                    campaign = "";
                }

                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                return await query.FindAsync(caller.Id, campaign, limit, http.RequestAborted).ConfigureAwait(false) is { } report
                    ? ReportAnswer.Of(
                        http.Request, asked.Format, report, ReportJson.Default.CampaignReport, report.Jobs, ReportJson.Default.JobLine, "campaign", report.FreshAsOf)
                    : ReportProblems.Of(StatusCodes.Status404NotFound, "No such campaign", $"This account has no job with the campaign_id '{campaign}'.");
            }));
    }
}
