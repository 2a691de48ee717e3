using Delivery.Cli.Bench.Reports;

namespace Delivery.Cli.Tests.Bench;

[Collection(BenchRun.Collection)]
public sealed class ReportsTests : IDisposable
{
    private readonly BenchRun _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Every_question_of_the_cookbook_is_asked_and_data_that_is_there_is_not_made_again()
    {
        string[] arguments = ["reports", "--events", "30000", "--jobs", "25", "--rounds", "1"];
        var first = await _bench.RunAsync(ExitCodes.Success, arguments);

        Assert.InRange(first.GetProperty("events").GetInt64(), 24_000, 36_000);
        Assert.Equal(25, first.GetProperty("jobs").GetInt32());
        Assert.True(first.GetProperty("generated").GetProperty("events_per_second").GetDouble() > 0);
        var cookbook = first.GetProperty("cookbook").EnumerateArray().ToList();
        Assert.Equal(CookbookStatements.Read().Select(statement => statement.Question).Order(), cookbook.Select(row => row.GetProperty("question").GetString()!).Distinct().Order());
        Assert.All(cookbook, row => Assert.True(row.GetProperty("median_ms").GetDouble() <= row.GetProperty("worst_ms").GetDouble(), row.ToString()));
        Assert.All(cookbook.GroupBy(row => row.GetProperty("question").GetString()), jobs => Assert.Contains(jobs, row => row.GetProperty("read_rows").GetInt64() > 0));
        var equal = cookbook.Where(row => row.GetProperty("question").GetString() == "Do the roll-ups equal the events?").ToList();
        Assert.Equal(3, equal.Count);
        Assert.Contains(first.GetProperty("reports").EnumerateArray(), row => !row.TryGetProperty("error", out _) && row.GetProperty("question").GetString() == "GET /v1/jobs/ID/report" && row.GetProperty("read_rows").GetInt64() > 0);

        var second = await _bench.RunAsync(ExitCodes.Success, arguments);

        Assert.False(second.TryGetProperty("generated", out _));
        Assert.Equal(first.GetProperty("events").GetInt64(), second.GetProperty("events").GetInt64());
    }

    [Fact]
    public void A_plan_has_as_many_events_as_were_asked_for_in_jobs_of_different_sizes()
    {
        var jobs = new WorldPlan(100_000_000, 200, 1_800_000_000).All();

        Assert.Equal(200, jobs.Select(job => job.Id).Distinct().Count());
        Assert.InRange(jobs.Sum(job => job.Recipients) * WorldPlan.EventsOfRecipient, 99_000_000, 101_000_000);
        Assert.InRange(jobs[0].Recipients, 4_900_000, 5_100_000);
        Assert.All(jobs.Skip(1).Take(20), job => Assert.InRange(job.Recipients, 490_000, 510_000));
        Assert.All(jobs, job => Assert.InRange(job.Recipients, 1, job.People));
        Assert.True(jobs.Max(job => job.Created) - jobs.Min(job => job.Created) > 360L * 24 * 60 * 60);
    }
}
