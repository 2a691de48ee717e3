using System.Globalization;

namespace Delivery.Cli.Bench.Reports;

/// <summary>What is asked of the Aggregator, and of which jobs.</summary>
internal sealed class ReportQuestions(WorldPlan plan, string recipientKey)
{
    private const long Quarter = 90 * 24 * 60 * 60;
    private static readonly string[] OfJob =
    [
        "report", "report/clicks.csv", "report/timeline?step=1h", "report/hours", "report/domains", "report/variants", "report/providers", "report/bounces", "report/response-times",
        "audience?opened=true&clicked=false",
    ];

    /// <summary>Jobs of account 1: the largest, one of a tenth, a small one.</summary>
    public IReadOnlyList<WorldJob> Jobs { get; } = [.. plan.All().Where(job => job.Index is 0 or 4 || job.Index == plan.Jobs / 2 / 4 * 4)];

    /// <summary>Parameters of the cookbook's statements; the span is the last 90 days.</summary>
    public IReadOnlyDictionary<string, string> Parameters(WorldJob job) => new Dictionary<string, string>
    {
        ["account"] = "1", ["job"] = Text(job.Id), ["campaign"] = Jobs[1].Campaign, ["zone"] = "Europe/Berlin", ["position"] = "3", ["field"] = "segment",
        ["key"] = recipientKey, ["upstream_id"] = $"customer-{Jobs[0].Offset}", ["mails"] = "3",
        ["from"] = Time(plan.Now - Quarter, "yyyy-MM-dd HH:mm:ss"), ["to"] = Time(plan.Now, "yyyy-MM-dd HH:mm:ss"),
    };

    public IEnumerable<(string Question, WorldJob? Job, string Path)> Paths()
    {
        foreach (var report in OfJob)
        {
            foreach (var job in Jobs)
                yield return ($"GET /v1/jobs/ID/{report}", job, $"/v1/jobs/{Text(job.Id)}/{report}");
        }

        var span = $"from={Time(plan.Now - Quarter, "yyyy-MM-dd'T'HH:mm:ss'Z'")}&to={Time(plan.Now, "yyyy-MM-dd'T'HH:mm:ss'Z'")}";
        yield return ("GET /v1/jobs?limit=50", null, "/v1/jobs?limit=50");
        yield return ("GET /v1/campaigns", null, "/v1/campaigns");
        yield return ("GET /v1/campaigns/report", null, $"/v1/campaigns/report?campaign_id={Jobs[1].Campaign}");
        yield return ("GET /v1/reports/compare?jobs=…", null, $"/v1/reports/compare?jobs={string.Join(',', Jobs.Select(job => Text(job.Id)))}");
        yield return ("GET /v1/reports/account, 90 days by day", null, $"/v1/reports/account?{span}&step=1d");
        yield return ("GET /v1/people/timeline?recipient_key=…", null, $"/v1/people/timeline?recipient_key={recipientKey}");
        yield return ("GET /v1/people/timeline?upstream_id=…", null, $"/v1/people/timeline?upstream_id=customer-{Jobs[0].Offset}");
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(long seconds, string format) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString(format, CultureInfo.InvariantCulture);
}
