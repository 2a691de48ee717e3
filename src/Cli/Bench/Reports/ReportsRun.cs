using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Delivery.Cli.Demo;
using Spectre.Console;

namespace Delivery.Cli.Bench.Reports;

/// <summary>One measurement: make what is not there, let the engine come to rest, ask.</summary>
internal sealed class ReportsRun(ReportsOptions options, TimeProvider time, StopSignal stop)
{
    /// <summary>In place of figures of a report that the Aggregator has no address for.</summary>
    public const string NotInThisBuild = "not in this build";

    private readonly StepProgress _steps = new(AnsiConsole.Console, time);

    public async Task<ReportsResult> RunAsync(string folder)
    {
        var plan = WorldPlan.Of(folder, options, time);
        await using var programs = BenchPrograms.Open(folder, null, new Dictionary<string, string>(), "1gb", time);
        stop.AtOnce = programs.Kill;
        await _steps.RunAsync("Starting Redis and the engine", 1, () => 0, () => programs.StartAsync(stop.Token, BenchPrograms.Redis, BenchPrograms.Engine));
        await _steps.RunAsync("Starting the Aggregator", 1, () => 0, () => programs.StartAsync(stop.Token, BenchPrograms.Aggregator));
        using var sql = new MeasuredSql(programs.Addresses.ClickHouse);
        var made = await FillAsync(sql, plan);
        var counts = (await sql.AskAsync("SELECT (SELECT count() FROM events), (SELECT count() FROM recipients), (SELECT uniqExact(job) FROM jobs)", stop.Token)).Lines[0].Split('\t');
        var large = plan.All()[0];
        var key = (await sql.AskAsync($"SELECT lower(hex(recipient_key)) FROM recipients WHERE {WorldSql.Of(large)} AND recipient = 0", stop.Token)).Lines[0];
        var questions = new ReportQuestions(plan, key);
        var clock = new QuestionClock(programs.Usage(BenchPrograms.Engine).Process, options.Rounds, time);
        var reports = await ReportsAsync(programs, sql, questions, clock);
        var cookbook = await CookbookAsync(sql, questions, clock);
        return new ReportsResult
        {
            Events = Number(counts[0]),
            Recipients = Number(counts[1]),
            Jobs = (int)Number(counts[2]),
            Rounds = options.Rounds,
            Generated = made,
            BytesOnDisk = (await sql.AskAsync("SELECT table, sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'delivery' GROUP BY table ORDER BY table", stop.Token))
                .Lines.Select(line => line.Split('\t')).ToDictionary(row => row[0], row => Number(row[1])),
            Reports = reports,
            Cookbook = cookbook,
            Machine = MachineFigures.Read(),
        };
    }

    private async Task<GeneratedFigures?> FillAsync(MeasuredSql sql, WorldPlan plan)
    {
        var fill = new WorldFill(sql, plan, time);
        var begin = time.GetTimestamp();
        var before = Number((await sql.AskAsync("SELECT count() FROM events", stop.Token)).Lines[0]);
        await _steps.RunAsync("Making recipients and their events", plan.All().Sum(job => job.Recipients), () => fill.Done, () => fill.RunAsync(stop.Token));
        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        await _steps.RunAsync("Waiting for the engine's merges", 1, () => 0, () => fill.MergedAsync(stop.Token));
        var events = Number((await sql.AskAsync("SELECT count() FROM events", stop.Token)).Lines[0]) - before;
        return fill.Made == 0 ? null : new GeneratedFigures(Math.Round(time.GetElapsedTime(begin).TotalSeconds, 1), Math.Round(events / seconds));
    }

    private async Task<List<QuestionFigures>> ReportsAsync(BenchPrograms programs, MeasuredSql sql, ReportQuestions questions, QuestionClock clock)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(programs.Addresses.Reports), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", programs.Addresses.ApiKey);
        var paths = questions.Paths().ToList();
        var figures = new List<QuestionFigures>();
        await _steps.RunAsync("Asking the reports", paths.Count, () => figures.Count, async () =>
        {
            foreach (var (question, job, path) in paths)
            {
                var rows = await ReadRowsAsync(sql);
                var look = await ReadRowsAsync(sql) - rows;
                var answer = await clock.MeasureAsync(question, job, async () => (await AskAsync(http, path), 0));
                var own = await ReadRowsAsync(sql) - rows - 2 * look;
                figures.Add(answer with { ReadRows = answer.Error is null ? own / (options.Rounds + 1) : 0 });
            }
        });
        return figures;
    }

    private async Task<List<QuestionFigures>> CookbookAsync(MeasuredSql sql, ReportQuestions questions, QuestionClock clock)
    {
        var statements = CookbookStatements.Read();
        var figures = new List<QuestionFigures>();
        var asked = 0L;
        await _steps.RunAsync("Asking the cookbook's questions", statements.Count, () => asked, async () =>
        {
            foreach (var (question, text) in statements)
            {
                var ofJob = text.Contains("{job:", StringComparison.Ordinal);
                foreach (var job in ofJob ? questions.Jobs : questions.Jobs.Take(1))
                {
                    var parameters = questions.Parameters(job).Where(pair => text.Contains($"{{{pair.Key}:", StringComparison.Ordinal)).ToList();
                    figures.Add(await clock.MeasureAsync(question, ofJob ? job : null, async () =>
                    {
                        var answer = await sql.AskAsync(text, parameters, stop.Token);
                        return (answer.Text.Length, answer.ReadRows);
                    }));
                }

                asked++;
            }
        });
        return figures;
    }

    private async Task<long> AskAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), stop.Token);
        var answer = await response.Content.ReadAsByteArrayAsync(stop.Token);
        // What has an address refuses with a problem document, also a job that it does not know.
        if (response.StatusCode == HttpStatusCode.NotFound && response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            throw new HttpRequestException(NotInThisBuild);
        return response.IsSuccessStatusCode ? answer.Length : throw new HttpRequestException($"the Aggregator answers {(int)response.StatusCode}: {Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>Of all statements since the engine's start, this one among the next time's.</summary>
    private async Task<long> ReadRowsAsync(MeasuredSql sql) =>
        Number((await sql.AskAsync("SELECT sum(value) FROM system.events WHERE event = 'SelectedRows'", stop.Token)).Lines[0]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
