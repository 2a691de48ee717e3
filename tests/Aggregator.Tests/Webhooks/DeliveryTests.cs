using System.Diagnostics;
using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Webhooks;

/// <summary>Every event of an account gets to its receiver, in order, and can be told from a forgery.</summary>
[Collection(SharedStoresCollection.Name)]
public class DeliveryTests(SharedStores stores)
{
    [Fact]
    public async Task Every_event_arrives_once_where_nothing_fails_and_an_independent_verifier_accepts_the_signature()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var aggregator = await installation.StartHookedAsync();
        var traffic = new Traffic(101);
        var (mta, tracker) = (installation.NewProducer(1), installation.NewProducer(2));
        await mta.PublishAsync(traffic.More(40));
        await installation.DrainedAsync();
        var before = traffic.All.Count;
        var (id, secret) = await aggregator.HookAsync(receiver.Url + "/hooks?a=b");
        for (var i = 0; i < 5; i++)
        {
            await mta.PublishAsync(traffic.More(300));
            await tracker.PublishAsync(traffic.More(100));
        }

        await Eventually.HoldsAsync(() => receiver.Events.Count() >= traffic.All.Count - before, "all arrived");
        var got = receiver.Events.Select(e => e.GetProperty("event_id").GetString()!).ToList();
        Assert.Equal(await EventIdsAsync(installation, $"NOT (producer = 1 AND number <= {before})"), got.Order(StringComparer.Ordinal));
        Assert.Equal(got.Count, got.Distinct().Count());
        await VerifiedByPythonAsync(receiver.Taken.First(), secret, true);
        await VerifiedByPythonAsync(receiver.Taken.First(), "whsec_" + Convert.ToBase64String(new byte[32]), false);
        Assert.Equal(receiver.Taken.First().Headers["webhook-id"], receiver.Taken.First().Id);

        var look = await aggregator.LookAsync(id);
        Assert.Equal("active", look.GetProperty("state").GetString());
        Assert.False(look.TryGetProperty("secret", out _));
        Assert.NotEqual(JsonValueKind.Null, look.GetProperty("status").GetProperty("last_success").ValueKind);
        using var metrics = await aggregator.GetAsync("/metrics", key: null);
        Assert.Contains("delivery_aggregator_webhook_requests_total{result=\"taken\"}", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backlog_of_two_producers_is_sent_from_the_beginning_in_the_order_of_time_and_only_what_is_wanted()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var aggregator = await installation.StartHookedAsync("--Aggregator:Webhooks:MaxBatchEvents=7");
        var (mta, tracker) = (installation.NewProducer(1), installation.NewProducer(2));
        await mta.PublishAsync(writer =>
        {
            writer.AddJob(new JobDimension(Installation.Account, 3, EventLimits.MinTimeMs, "spring", "s", "f", "n", default));
            writer.AddJob(new JobDimension(Installation.Account, 4, EventLimits.MinTimeMs, "autumn", "s", "f", "n", default));
        });
        var events = new List<DeliveryEvent>();
        for (uint i = 0; i < 100; i++)
        {
            foreach (var job in (ulong[])[3, 4])
            {
                events.Add(new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = At(i * 10), Account = Installation.Account, Job = job, Recipient = i });
                events.Add(new DeliveryEvent { Kind = EventKind.Delivered, TimeMs = At((i * 10) + 1), Account = Installation.Account, Job = job, Recipient = i, Attempt = 1, SmtpCode = 250, Mx = "mx", Reply = "250 ok" });
                events.Add(new DeliveryEvent { Kind = EventKind.Delivered, TimeMs = At((i * 10) + 1), Account = 99, Job = 5, Recipient = i });
            }
        }

        // The tracker's part is in ClickHouse long before the Mta's, and has fewer numbers.
        await tracker.PublishAsync([.. Enumerable.Range(0, 100).Select(i => new DeliveryEvent
        {
            Kind = EventKind.Clicked, TimeMs = At((i * 10) + 5), Account = Installation.Account, Job = 3, Recipient = (uint)i, Position = 2, Link = 1,
            Class = ReaderClass.Proxy, ClassReason = "rule", Url = "https://shop.example/?a=1&b=ü", UserAgent = "UA", Ip = System.Net.IPAddress.Parse("192.0.2.7"),
        })]);
        await mta.PublishAsync(events);
        await installation.DrainedAsync();
        await aggregator.HookAsync(receiver.Url, ""","events":["clicked","delivered"],"campaign_id":"spring","from":"beginning" """);
        await Eventually.HoldsAsync(() => receiver.Events.Count() >= 200, "all arrived");

        var got = receiver.Events.ToList();
        Assert.Equal(200, got.Count);
        Assert.All(got, e => Assert.Equal(("3", "spring"), (e.GetProperty("job").GetString(), e.GetProperty("campaign_id").GetString())));
        Assert.All(receiver.Taken, batch => Assert.InRange(batch.Events.Count, 1, 7));
        var times = got.Select(e => e.GetProperty("time").GetString()!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        var click = got.First(e => e.GetProperty("event").GetString() == "clicked");
        Assert.Equal(
            ("customer-0", "https://shop.example/?a=1&b=ü", "proxy", "192.0.2.7", 2, 0, "no code"),
            (click.GetProperty("upstream_id").GetString(), click.GetProperty("url").GetString(), click.GetProperty("class").GetString(), click.GetProperty("ip").GetString(),
                click.GetProperty("position").GetInt32(), click.GetProperty("recipient").GetInt32(), click.TryGetProperty("smtp_code", out _) ? "a code" : "no code"));
        Assert.Equal(32, click.GetProperty("recipient_key").GetString()!.Length);
    }

    [Fact]
    public async Task A_receiver_that_hangs_keeps_neither_the_others_nor_the_roll_ups_waiting()
    {
        await using var installation = await stores.InstallAsync();
        await using var hanging = await Receiver.StartAsync();
        await using var well = await Receiver.StartAsync();
        var never = new TaskCompletionSource();
        hanging.Does = async (context, _) =>
        {
            context.Response.StatusCode = 500;
            await never.Task;
        };
        var aggregator = await installation.StartHookedAsync("--Aggregator:Webhooks:MaxConcurrent=4", "--Aggregator:Webhooks:Timeout=00:00:30");
        await aggregator.HookAsync(hanging.Url);
        await aggregator.HookAsync(well.Url);
        var traffic = new Traffic(102);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(50));
        await Eventually.HoldsAsync(() => !hanging.All.IsEmpty, "it hangs");
        for (var i = 0; i < 10; i++)
            await producer.PublishAsync(traffic.More(50));
        await installation.DrainedAsync();
        await Eventually.HoldsAsync(() => well.Events.Count() >= traffic.All.Count, "the other one has all");
        await Count.AgreesAsync(installation, traffic.All, aggregator);
        Assert.Single(hanging.All);
        never.SetResult();
    }

    private static async Task<List<string>> EventIdsAsync(Installation installation, string where) =>
        [.. (await installation.TextAsync($"SELECT concat(toString(shard), '-', toString(producer), '-', toString(number)) FROM events WHERE {where}")).Trim().Split('\n').Order(StringComparer.Ordinal)];

    private static long At(long milliseconds) => new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() + milliseconds;

    /// <summary>The lines of docs/webhooks.md, run as they stand there.</summary>
    private static async Task VerifiedByPythonAsync(ReceivedBatch batch, string secret, bool valid)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "webhooks.md"));
        var lines = page.Split("```python\n")[1].Split("```")[0];
        var script = "import sys, json\n" + lines + """

            given = json.load(sys.stdin)
            print(verify(given["secret"], {k.lower(): v for k, v in given["headers"].items()}, bytes.fromhex(given["body"])))
            """;
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(new { secret, headers = batch.Headers, body = Convert.ToHexString(batch.Body) }));
        python.StandardInput.Close();
        var (output, error) = (await python.StandardOutput.ReadToEndAsync(), await python.StandardError.ReadToEndAsync());
        Assert.True(output.Trim() == (valid ? "True" : "False"), output + error);
    }
}
