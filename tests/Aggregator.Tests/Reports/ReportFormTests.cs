using System.Diagnostics;
using System.Net;
using System.Text;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Access;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class ReportFormTests(SharedStores stores)
{
    private const string ShopKey = "shop-key-0123456789abcdef";

    /// <summary>What a spreadsheet or a script does with the CSV of every report, by curl and Python's csv alone.</summary>
    private const string ReadAsCsv =
        """
        import csv, io, subprocess, sys
        base, key = sys.argv[1:3]
        for path in sys.argv[3:]:
            got = subprocess.run(["curl", "-sS", "--fail-with-body", "-H", "Authorization: Bearer " + key, "-H", "Accept: text/csv", base + path], capture_output=True, check=True).stdout
            assert got.endswith(b"\r\n"), path
            rows = list(csv.reader(io.StringIO(got.decode("utf-8"), newline=""), strict=True))
            assert rows and len(set(rows[0])) == len(rows[0]), path
            for row in rows:
                assert len(row) == len(rows[0]), (path, row)
                for field in row:
                    assert field[:1] not in ("=", "+", "@", "\t", "\r") and (field[:1] != "-" or float(field) < 0), (path, field)
            print(path.split("?")[0], len(rows) - 1)
        """;

    [Fact]
    public async Task Every_report_is_CSV_that_runs_no_formula_and_NDJSON()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation).Job(1, "@SUM(1)", "=1+1,\"x\"\r\ny", from: "+1@a.example", links: [(1, "-https://x.example/")]).Job(2, "@SUM(1)", "-2")
            .Accept(1, 0, "=a.example", "+A", person: 100, id: "@id").Accept(2, 0, person: 100)
            .Each(EventKind.Delivered, 1, 0).Add(EventKind.Opened, 1, 0).Add(EventKind.Clicked, 1, 0, position: 1).Add(EventKind.Dropped, 2, 0, reason: "=cmd")
            .Add(EventKind.Unsubscribed, 1, 0, reason: "-x");
        await known.PublishAsync();
        string[] paths =
        [
            "/v1/session", "/v1/jobs", "/v1/jobs/1/report", "/v1/jobs/1/report/timeline", "/v1/jobs/1/report/hours", "/v1/jobs/1/report/domains", "/v1/jobs/1/report/variants",
            "/v1/jobs/1/report/providers", "/v1/jobs/2/report/bounces", "/v1/jobs/1/report/response-times", "/v1/campaigns", "/v1/campaigns/report?campaign_id=%40SUM(1)",
            "/v1/reports/compare?jobs=1,2", "/v1/reports/account?from=2026-03-01&to=2026-03-10", "/v1/people/timeline?upstream_id=%40id",
        ];
        int[] rows = [1, 2, 1, 1, 168, 1, 1, 1, 1, 24, 1, 2, 2, 1, 5];
        var wanted = new StringBuilder();
        for (var i = 0; i < paths.Length; i++)
            wanted.Append(paths[i].Split('?')[0]).Append(' ').Append(rows[i]).Append('\n');
        Assert.Equal(wanted.ToString(), await PythonAsync([ReadAsCsv, aggregator.Http.BaseAddress!.ToString().TrimEnd('/'), Installation.Key, .. paths]));

        for (var i = 0; i < paths.Length; i++)
        {
            var path = paths[i] + (paths[i].Contains('?', StringComparison.Ordinal) ? "&" : "?");
            var lines = (await aggregator.TextAsync(path + "format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines.Length == rows[i], path);
            Assert.All(lines, line => Assert.Equal(System.Text.Json.JsonValueKind.Object, System.Text.Json.JsonDocument.Parse(line).RootElement.ValueKind));
            Assert.Contains("'colour'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, path + "colour=red"), StringComparison.Ordinal);
            await aggregator.ProblemAsync(HttpStatusCode.Unauthorized, path, "wrong-key-0123456789abcdef");
            if (i > 0)
                await aggregator.ProblemAsync(HttpStatusCode.Forbidden, path, Installation.SubmitKey);
        }
    }

    [Fact]
    public async Task An_account_has_a_time_zone_of_its_own()
    {
        await using var installation = await stores.InstallAsync();
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "accounts.json");
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(ShopKey)));
        await File.WriteAllTextAsync(
            file, $$"""{"accounts": [{"id": 7, "name": "shop", "time_zone": "Asia/Kolkata", "keys": [{"id": "a", "name": "k", "rights": "read", "sha256": "{{digest}}", "created": "2026-01-01T00:00:00Z"}]}]}""");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var aggregator = await installation.StartAggregatorAsync(settings: [$"--Access:File={file}"]);
        await new KnownEvents(installation).Job(1, created: new DateTimeOffset(2026, 3, 2, 18, 29, 0, TimeSpan.Zero)).Job(2, created: new DateTimeOffset(2026, 3, 2, 18, 30, 0, TimeSpan.Zero))
            .Add(EventKind.Opened, 1, 0, "2026-03-02T18:30:00Z").PublishAsync();

        Assert.Equal("7 shop Asia/Kolkata [\"read\"]", (await aggregator.JsonAsync("/v1/session", ShopKey)).Line("account", "name", "time_zone", "rights"));
        var points = await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=1d", ShopKey);
        Assert.Equal("Asia/Kolkata", points.Line("time_zone"));
        Assert.Equal(["2026-03-03T00:00:00+05:30"], points.Lines("points", "start"));
        Assert.Equal(["2026-03-02T00:00:00+00:00"], (await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=1d&time_zone=UTC", ShopKey)).Lines("points", "start"));
        Assert.Equal(["2"], (await aggregator.JsonAsync("/v1/jobs?from=2026-03-03", ShopKey)).Lines("jobs", "job"));
        Assert.Equal(["1"], (await aggregator.JsonAsync("/v1/jobs?to=2026-03-03", ShopKey)).Lines("jobs", "job"));
    }

    [Fact]
    public async Task Reports_are_503_while_ClickHouse_is_away()
    {
        var proxy = stores.NewFaultyEngine();
        await using var installation = await stores.InstallAsync(proxy.Url);
        var aggregator = await installation.StartAggregatorAsync();
        await aggregator.ReadyAsync();
        await proxy.DisposeAsync();
        foreach (var path in new[] { "/v1/jobs", "/v1/jobs/1/report", "/v1/jobs/1/report/domains", "/v1/campaigns", "/v1/reports/account" })
        {
            using var answer = await aggregator.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.True(answer.Headers.Contains("Retry-After"));
        }

        using var session = await aggregator.GetAsync("/v1/session");
        Assert.Equal(HttpStatusCode.OK, session.StatusCode);
    }

    private static async Task<string> PythonAsync(string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        return await output;
    }
}
