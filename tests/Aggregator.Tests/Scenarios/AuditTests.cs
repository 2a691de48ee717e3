using System.Text.Json;
using Delivery.Aggregator.Audit;
using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class AuditTests(SharedStores stores)
{
    private static readonly LinkDimension Link = new(Installation.Account, 3, 1, 1, "html", "https://x.example/", "x");

    [Fact]
    public async Task An_installation_where_all_agrees_is_told_so_with_jobs_links_dead_letters_and_what_waits()
    {
        await using var installation = await stores.InstallAsync();
        var producer = installation.NewProducer(5);
        var traffic = new Traffic(61);
        var aggregator = await installation.StartAggregatorAsync();
        await producer.PublishAsync(writer =>
        {
            writer.AddJob(new JobDimension(Installation.Account, 3, EventLimits.MinTimeMs, "c", "s", "f", "n", default));
            writer.AddLink(Link);
            writer.AddMail(new MailDimension(Installation.Account, 3, 0, 1, false, null, "ltr", default));
        });
        await producer.PublishAsync(traffic.More(300));
        await producer.PublishAsync(([99, 1, 2, 3], 7));
        await producer.PublishAsync(traffic.More(100));
        await installation.DrainedAsync();
        await aggregator.StopAsync();
        await producer.PublishAsync(traffic.More(50));

        var (code, report) = await AuditAsync(installation, "{}");
        Assert.Equal((0, true), (code, report.GetProperty("agrees").GetBoolean()));
        Assert.Equal((400, 10, 50, 0), (Int(report, "events"), Int(report, "aside"), Int(report, "waiting"), Int(report, "lost")));
        Assert.Equal((1, 3), (Int(report, "producers"), Int(report, "jobs")));
    }

    [Fact]
    public async Task Gaps_and_repeats_are_named_by_producer_and_number()
    {
        await using var installation = await stores.InstallAsync();
        var (one, two) = (installation.NewProducer(1), installation.NewProducer(2));
        var traffic = new Traffic(62);
        await installation.StartAggregatorAsync();
        await one.PublishAsync(traffic.More(100));
        await two.PublishAsync(traffic.More(100));
        two.Next = 131;
        Assert.Equal(Delivery.Contracts.Streams.PublishStatus.Appended, (await Delivery.Contracts.Streams.PublishScript.PublishAsync(
            installation.Redis, installation.Names, 2, 131, 10, two.Pack(traffic.More(10)).Bytes, TimeSpan.FromSeconds(20), leap: true)).Status);
        await installation.DrainedAsync();
        await installation.ClickHouse.ExecuteAsync("ALTER TABLE events DELETE WHERE producer = 1 AND (number BETWEEN 11 AND 20 OR number = 100) SETTINGS mutations_sync = 1", default);
        await installation.ClickHouse.ExecuteAsync("INSERT INTO events SELECT * FROM events WHERE producer = 2 AND number BETWEEN 5 AND 7 SETTINGS insert_deduplicate = 0", default);

        var (code, report) = await AuditAsync(installation, "{}");
        Assert.Equal(1, code);
        Assert.Equal(["1:11-20", "1:100-100", "2:101-130"], Spans(report, "gaps"));
        Assert.Equal(["2:5-7"], Spans(report, "repeats"));
        Assert.Equal((41, 3), (Int(report, "lost"), Int(report, "surplus")));
        var (since, none) = await AuditAsync(installation, """{"since":"2027-01-01"}""");
        Assert.Equal((0, 0), (since, Int(none, "jobs")));
    }

    [Fact]
    public async Task Classes_that_were_revised_and_are_counted_again_a_moment_later_are_no_fault()
    {
        await using var installation = await stores.InstallAsync();
        await installation.NewProducer(1).PublishAsync(new Traffic(63).More(500));
        var aggregator = await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        await aggregator.StopAsync();
        var fence = await installation.FenceAsync();
        await installation.ClickHouse.InsertSelectAsync(
            "INSERT INTO reclassifications (producer, shard, number, account, job, kind, recipient, time, class, class_reason, version) "
            + "SELECT producer, shard, number, account, job, kind, recipient, time, 'scanner', 'burst', " + fence.NextGeneration()
            + " FROM events WHERE kind IN ('opened', 'clicked') AND class = 'human' AND " + fence.Condition,
            fence.Mark("classes"), default);
        Assert.NotEmpty(await installation.NewVerifier().FindDifferingAsync(Traffic.Jobs, default));

        var audit = AuditAsync(installation, "{}");
        await Task.WhenAny(audit, Task.Delay(TimeSpan.FromSeconds(4)));
        await installation.NewRebuild().RebuildAsync(Traffic.Jobs, fence, default);
        var (code, report) = await audit;
        Assert.Equal((0, true), (code, report.GetProperty("agrees").GetBoolean()));
    }

    /// <summary>With the owner at work, and without one.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Roll_ups_that_lost_a_part_are_named_and_repaired_by_the_owner_or_without_one(bool owned)
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(63);
        var aggregator = await installation.StartAggregatorAsync();
        await installation.NewProducer(1).PublishAsync(traffic.More(400));
        await installation.DrainedAsync();
        if (!owned)
            await aggregator.StopAsync();
        var part = (await installation.TextAsync("SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'events_by_job_rows' AND active ORDER BY rows DESC LIMIT 1")).Trim();
        await installation.ClickHouse.ExecuteAsync($"ALTER TABLE events_by_job_rows DROP PART '{part}'", default);

        var (code, report) = await AuditAsync(installation, "{}");
        Assert.Equal(1, code);
        Assert.All(report.GetProperty("differences").EnumerateArray(), d => Assert.Equal("events_by_job", d.GetProperty("rollup").GetString()));
        Assert.True(Int(report, "differing_jobs") > 0);
        (code, var one) = await AuditAsync(installation, $$"""{"job":{{Traffic.Jobs[0]}}}""");
        Assert.Equal((1, 1, 1), (code, Int(one, "jobs"), Int(one, "differing_jobs")));
        (code, var repaired) = await AuditAsync(installation, """{"repair":true}""");
        Assert.Equal((0, Int(report, "differing_jobs")), (code, Int(repaired, "repaired_jobs")));
        await Count.AgreesAsync(installation, traffic.All);
        Assert.Equal(0, (await AuditAsync(installation, """{"account":7}""")).Code);
    }

    [Fact]
    public async Task Roll_ups_are_counted_again_in_a_loop_while_events_stream_in_and_readers_never_see_less()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(64);
        var producer = installation.NewProducer(1);
        var aggregator = await installation.StartAggregatorAsync();
        await producer.PublishAsync(traffic.More(500));
        await installation.DrainedAsync();
        using var ended = new CancellationTokenSource();
        var reading = ReadAsync(installation, ended.Token);
        for (var round = 0; round < 6; round++)
        {
            var publishing = producer.PublishAsync(traffic.More(600), perEntry: 20);
            var (code, report) = await AuditAsync(installation, """{"rebuild":true}""");
            Assert.Equal((0, 3), (code, Int(report, "rebuilt_jobs")));
            await publishing;
        }

        await installation.DrainedAsync();
        await ended.CancelAsync();
        Assert.True(await reading > 5);
        await Count.AgreesAsync(installation, traffic.All, aggregator);
        Assert.True(await installation.NumberAsync("SELECT uniqExact(generation) FROM events_by_job_rows") > 3);

        await aggregator.StopAsync();
        var fence = await installation.FenceAsync();
        Assert.True(await new Delivery.Aggregator.Rollups.RollupSweep(installation.ClickHouse, installation.Options).SweepAsync(fence, default) > 0);
        await Eventually.HoldsAsync(
            async () => await installation.NumberAsync("SELECT count() FROM events_by_job_rows WHERE (account, job, generation) NOT IN (SELECT account, job, max(generation) FROM rollup_generations GROUP BY account, job)") == 0,
            "only what is read is left");
        await Count.AgreesAsync(installation, traffic.All);
    }

    [Fact]
    public async Task Without_a_database_the_audit_says_what_to_do()
    {
        await using var installation = await stores.InstallAsync();
        var (code, line) = await AuditAsync(installation, "{}");
        Assert.Equal(2, code);
        Assert.Contains("start its aggregator once", line.GetString(), StringComparison.Ordinal);
    }

    /// <summary>Totals and people of one query and of the next never fall. Returns how often it looked.</summary>
    private static async Task<int> ReadAsync(Installation installation, CancellationToken ended)
    {
        var (looks, last) = (0, new ulong[5]);
        for (; !ended.IsCancellationRequested; looks++)
        {
            var row = (await installation.TextAsync(
                "SELECT sum(events), groupBitmapMerge(people), (SELECT sum(clicks) FROM clicks_by_link), (SELECT sum(opens) FROM v_job_summary), (SELECT sum(clicks) FROM v_click_breakdown) FROM events_by_job")).Trim().Split('\t').Select(ulong.Parse).ToArray();
            for (var i = 0; i < row.Length; i++)
                Assert.True(row[i] >= last[i], $"look {looks}, figure {i}: {row[i]} after {last[i]}");
            last = row;
        }

        return looks;
    }

    private static async Task<(int Code, JsonElement Report)> AuditAsync(Installation installation, string request)
    {
        var output = new StringWriter();
        await using var auditor = TestAggregator.Build(installation.Settings("00:00:10"));
        var code = await AuditProgram.RunAsync(auditor.Services, request, output, default);
        using var last = JsonDocument.Parse(output.ToString().Trim().Split('\n')[^1]);
        return (code, (last.RootElement.TryGetProperty("report", out var report) ? report : last.RootElement.GetProperty("error")).Clone());
    }

    private static int Int(JsonElement report, string name) => report.GetProperty(name).GetInt32();

    private static IEnumerable<string> Spans(JsonElement report, string name) => report.GetProperty(name).EnumerateArray()
        .Select(span => $"{span.GetProperty("producer").GetString()}:{span.GetProperty("first")}-{span.GetProperty("last")}");
}
