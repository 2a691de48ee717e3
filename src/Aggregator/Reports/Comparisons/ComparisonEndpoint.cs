using System.Globalization;
using Delivery.Aggregator.Reports.Jobs;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Comparisons;

/// <summary><c>GET /v1/reports/compare?jobs=1,2</c>; the rows of CSV and NDJSON are the jobs' lines.</summary>
internal static class ComparisonEndpoint
{
    private const int Least = 2;
    private const int Most = 10;

    public static void MapComparison(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/reports/compare", (HttpContext http, ReportAccess access, JobLines lines, JobReportQuery reports, Freshness freshness) =>
            access.AnswerAsync(http, Right.Read, async caller =>
            {
                var asked = new ReportParameters(http.Request, "jobs");
                var jobs = Jobs(asked);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                var fresh = await freshness.OfAsync(jobs).ConfigureAwait(false);
                var found = await lines.OfAsync(caller.Id, jobs, http.RequestAborted).ConfigureAwait(false);
                if (jobs.Select(job => job.ToString(CultureInfo.InvariantCulture)).FirstOrDefault(job => found.All(line => line.Job != job)) is { } missing)
                    return ReportProblems.NoSuchJob(missing);
                var links = await Task.WhenAll(jobs.Select(job => reports.LinksAsync(caller.Id, job, http.RequestAborted))).ConfigureAwait(false);
                var compared = found.Select((line, i) => new ComparedJob(line, links[i])).ToList();
                var report = new ComparisonReport(fresh, compared, [.. found.Skip(1).Select(line => JobTest.Of(line, found[0]))]);
                return ReportAnswer.Of(
                    http.Request, asked.Format, report, ReportJson.Default.ComparisonReport, found, ReportJson.Default.JobLine, "compare", fresh);
            }));

    private static List<ulong> Jobs(ReportParameters asked)
    {
        var jobs = new List<ulong>();
        foreach (var text in (asked.Text("jobs") ?? "").Split(','))
        {
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var job) || jobs.Contains(job))
            {
                asked.Wrong($"'jobs' is '{asked.Text("jobs")}'; give {Least} to {Most} ids of different jobs with commas between.");
                return [];
            }

            jobs.Add(job);
        }

        if (jobs.Count is < Least or > Most)
            asked.Wrong($"'jobs' names {jobs.Count}; give {Least} to {Most} ids of different jobs with commas between.");
        return jobs;
    }
}
