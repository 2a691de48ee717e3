using Delivery.Aggregator.Reports.Accounts;
using Delivery.Aggregator.Reports.Bounces;
using Delivery.Aggregator.Reports.Campaigns;
using Delivery.Aggregator.Reports.Comparisons;
using Delivery.Aggregator.Reports.Figures;
using Delivery.Aggregator.Reports.Groups;
using Delivery.Aggregator.Reports.Jobs;
using Delivery.Aggregator.Reports.People;
using Delivery.Aggregator.Reports.Responses;
using Delivery.Aggregator.Reports.Sessions;
using Delivery.Aggregator.Reports.Timelines;

namespace Delivery.Aggregator.Reports;

/// <summary>What the reports are made of, and where they answer.</summary>
internal static class ReportServices
{
    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<ReportAccess>();
        services.AddSingleton<ReportZones>();
        services.AddSingleton<Freshness>();
        services.AddSingleton<RollupQuery>();
        services.AddSingleton<JobLines>();
        services.AddSingleton<JobListQuery>();
        services.AddSingleton<JobReportQuery>();
        services.AddSingleton<TimelineQuery>();
        services.AddSingleton<GroupQuery>();
        services.AddSingleton<CampaignQuery>();
        services.AddSingleton<AccountQuery>();
        services.AddSingleton<PersonQuery>();
    }

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapSession();
        routes.MapJobList();
        routes.MapJobReport();
        routes.MapTimelines();
        routes.MapGroups();
        routes.MapBounces();
        routes.MapResponses();
        routes.MapCampaigns();
        routes.MapComparison();
        routes.MapAccount();
        routes.MapPeople();
    }
}
