using System.Net;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;

namespace Delivery.Aggregator.Tests.Scenarios;

[Collection(SharedStoresCollection.Name)]
public class CountingTests(SharedStores stores)
{
    [Fact]
    public async Task Every_event_is_counted_once_in_raw_in_roll_ups_and_in_reports()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var traffic = new Traffic(1);
        var (first, second) = (installation.NewProducer(1), installation.NewProducer(ulong.MaxValue));
        for (var round = 0; round < 4; round++)
        {
            await first.PublishAsync(traffic.More(700), perEntry: 1 + (round * 40));
            await second.PublishAsync(traffic.More(300), perEntry: 7);
        }

        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task Recipients_jobs_and_links_arrive_with_every_column()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var producer = installation.NewProducer(5);
        var accepted = new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = EventLimits.MinTimeMs, Account = Installation.Account, Job = 12, Recipient = 4 };
        await producer.PublishAsync(writer =>
        {
            writer.AddJob(new JobDimension(Installation.Account, 12, EventLimits.MinTimeMs, "spring", "Hello \"you\"\t\n", "a@b.example", "A", "{\"k\":1}"u8.ToArray()));
            writer.AddLink(new LinkDimension(Installation.Account, 12, 2, 1, "html", "https://x.example/{{id}}", "=Buy"));
            writer.AddLink(new LinkDimension(Installation.Account, 12, 1, 1, "text", "https://x.example/", ""));
            writer.AddAccepted(accepted, TestProducer.Recipient(accepted));
            writer.Add(accepted with { Kind = EventKind.Clicked, Position = 2, Link = 1, Url = "https://x.example/4" });
        });
        await installation.DrainedAsync();

        Assert.Equal("customer-4\texample.com\t000000000000000000AB0000000000000004\t{\"a\":1}\n".Replace("000000000000000000AB", "00000000000000AB"), await installation.TextAsync(
            "SELECT upstream_id, domain, hex(recipient_key), metadata FROM recipients FINAL WHERE account = 7 AND job = 12 AND recipient = 4"));
        Assert.Equal("customer-4\tspring\thttps://x.example/{{id}}\t=Buy\n", await installation.TextAsync(
            "SELECT upstream_id, campaign_id, template_url, link_text FROM v_events WHERE account = 7 AND job = 12 AND kind = 'clicked'"));
        Assert.Equal("accepted\nclicked\n", await installation.TextAsync(
            "SELECT kind FROM v_recipient_timeline(account = 7, key = '00000000000000AB0000000000000004') ORDER BY kind"));
        var report = await aggregator.ReportAsync(12);
        Assert.Equal("spring", report.GetProperty("campaign_id").GetString());
        Assert.Equal("Hello \"you\"\t\n", report.GetProperty("subject").GetString());
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), report.GetProperty("created").GetDateTimeOffset());
        Assert.Equal([1, 2], report.GetProperty("links").EnumerateArray().Select(link => link.GetProperty("position").GetInt32()));
        Assert.Equal([0, 1], report.GetProperty("links").EnumerateArray().Select(link => link.GetProperty("clicks").GetInt32()));
        Assert.Equal(1, report.GetProperty("links")[1].GetProperty("share").GetDouble());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("rates").GetProperty("open").ValueKind);
        Assert.Equal(1, report.GetProperty("pending").GetInt32());

        using var csv = await aggregator.GetAsync("/v1/jobs/12/report/clicks.csv");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        var text = await csv.Content.ReadAsStringAsync();
        Assert.Contains("2,1,html,https://x.example/{{id}},\"'=Buy\",1,1,1,0,0\r\n", text, StringComparison.Ordinal);
        using var negotiated = await aggregator.GetAsync("/v1/jobs/12/report", accept: "text/csv");
        Assert.Equal(text, await negotiated.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_report_is_for_its_own_account_only()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await installation.NewProducer(1).PublishAsync(new Traffic(3).More(50));
        await installation.DrainedAsync();

        using var own = await aggregator.GetAsync("/v1/jobs/3/report");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        using var other = await aggregator.GetAsync("/v1/jobs/3/report", Installation.OtherKey);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType!.MediaType);
        using var submitter = await aggregator.GetAsync("/v1/jobs/3/report", Installation.SubmitKey);
        Assert.Equal(HttpStatusCode.Forbidden, submitter.StatusCode);
        Assert.Contains("\"missing_right\":\"read\"", await submitter.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var nobody = await aggregator.GetAsync("/v1/jobs/3/report", "wrong-key-0123456789abcdef");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", nobody.Content.Headers.ContentType!.MediaType);
        foreach (var form in new[] { "report", "report?format=ndjson", "report/clicks.csv" })
        {
            using var hidden = await aggregator.GetAsync($"/v1/jobs/3/{form}", Installation.OtherKey);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
            foreach (var id in new[] { "4", "03", "-1", "abc", "18446744073709551616", "3%27" })
            {
                using var unknown = await aggregator.GetAsync($"/v1/jobs/{id}/{form}");
                Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
            }
        }
    }

    [Fact]
    public async Task Each_form_of_a_report_knows_the_same_jobs()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await installation.NewProducer(1).PublishAsync(writer =>
        {
            writer.AddJob(new JobDimension(Installation.Account, 12, EventLimits.MinTimeMs, "", "No links", "a@b.example", "A", "{}"u8.ToArray()));
            writer.AddLink(new LinkDimension(Installation.Account, 13, 1, 1, "html", "https://x.example/", "Its job has not come"));
        });
        await installation.DrainedAsync();

        foreach (var (form, text) in new[] { ("report", null), ("report?format=ndjson", ""), ("report/clicks.csv", "position,link,part,url,text,clicks,unique_clicks,share,machine_clicks,unique_machine_clicks\r\n") })
        {
            using var without = await aggregator.GetAsync($"/v1/jobs/12/{form}");
            Assert.Equal(HttpStatusCode.OK, without.StatusCode);
            if (text is not null)
                Assert.Equal(text, await without.Content.ReadAsStringAsync());
            using var unknown = await aggregator.GetAsync($"/v1/jobs/13/{form}");
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }
    }

    [Fact]
    public async Task A_report_says_up_to_when_it_is_complete()
    {
        await using var installation = await stores.InstallAsync();
        var hold = new TaskCompletionSource();
        var aggregator = await installation.StartAggregatorAsync(async point =>
        {
            if (point == Delivery.Aggregator.Streams.BatchPoint.BeforeInsert)
                await hold.Task;
        });
        using var ready = await aggregator.GetAsync("/readyz");
        await Delivery.Testing.Eventually.HoldsAsync(async () => (await aggregator.GetAsync("/readyz")).IsSuccessStatusCode, "ready");
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(new Traffic(3).More(1));
        await producer.PublishAsync(new Traffic(4).More(1));
        var head = (StackExchange.Redis.RedisResult[])(await installation.Redis.ExecuteAsync("XRANGE", installation.Names.Entries, "-", "+", "COUNT", 1))!;
        var published = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(((string)((StackExchange.Redis.RedisResult[])head[0]!)[0]!).Split('-')[0]));
        await installation.ClickHouse.ExecuteAsync("INSERT INTO jobs (account, job) VALUES (7, 77)", default);
        Assert.Equal(published, (await aggregator.ReportAsync(77)).GetProperty("fresh_as_of").GetDateTimeOffset());
        hold.SetResult();
        await installation.DrainedAsync();
        Assert.True((await aggregator.ReportAsync(77)).GetProperty("fresh_as_of").GetDateTimeOffset() > published);
    }

    [Fact]
    public async Task The_same_entry_again_and_one_out_of_turn_change_nothing()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var traffic = new Traffic(5);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(500), perEntry: 25);
        Assert.All(await producer.RepeatAsync(), status => Assert.Equal(PublishStatus.Duplicate, status));
        producer.Next += 10;
        Assert.Equal(PublishStatus.OutOfTurn, await producer.PublishAsync(producer.Pack(new Traffic(6).More(5))));
        await installation.DrainedAsync();
        Assert.All((await producer.RepeatAsync())[..^1], status => Assert.Equal(PublishStatus.Duplicate, status));
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task An_entry_that_is_in_the_stream_twice_is_counted_once()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(7);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(300), perEntry: 30);
        foreach (var (first, count, bytes) in producer.Sent)
            await producer.ForceAsync(first, count, bytes);
        var aggregator = await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        foreach (var (first, count, bytes) in producer.Sent)
            await producer.ForceAsync(first, count, bytes);
        await producer.PublishAsync(traffic.More(100));
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task A_thousand_jobs_and_many_months_in_one_batch_are_counted()
    {
        await using var installation = await stores.InstallAsync();
        var events = new List<DeliveryEvent>();
        for (uint i = 0; i < 1_500; i++)
        {
            events.Add(new DeliveryEvent
            {
                Kind = EventKind.Clicked,
                TimeMs = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMonths((int)i % 180).ToUnixTimeMilliseconds(),
                Account = Installation.Account, Job = 1 + i, Recipient = i, Position = 1, Link = 1,
            });
        }

        var producer = installation.NewProducer(1);
        await producer.PublishAsync(events, perEntry: 100);
        foreach (var (first, count, bytes) in producer.Sent)
            await producer.ForceAsync(first, count, bytes);
        await installation.StartAggregatorAsync();
        await installation.DrainedAsync(TimeSpan.FromSeconds(90));
        await Count.AgreesAsync(installation, events);
    }
}
