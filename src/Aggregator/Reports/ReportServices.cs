using Delivery.Aggregator.Reports.Jobs;
using Delivery.Aggregator.Reports.Sessions;

namespace Delivery.Aggregator.Reports;

/// <summary>What the reports are made of, and where they answer.</summary>
internal static class ReportServices
{
    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<ReportAccess>();
        services.AddSingleton<ReportZones>();
        services.AddSingleton<Freshness>();
        services.AddSingleton<JobLines>();
        services.AddSingleton<JobListQuery>();
        services.AddSingleton<JobReportQuery>();
    }

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapSession();
        routes.MapJobList();
        routes.MapJobReport();
    }
}
