using System.Globalization;
using System.Net;
using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Audiences;

/// <summary>Who is in an audience is who the events say, one by one.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class AudienceTests(SharedStores stores) : IAsyncLifetime
{
    private const ulong Job = 5_000_000_000_000_000_001;
    private const ulong Other = 5_000_000_000_000_000_002;
    private const uint People = 300;
    private static readonly long Now = new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly ushort[] LinkOfPosition = [0, 1, 2, 1, 3];
    private readonly List<DeliveryEvent> _events = [];
    private Installation _installation = null!;
    private TestAggregator _aggregator = null!;

    public async Task InitializeAsync()
    {
        _installation = await stores.InstallAsync();
        _aggregator = await _installation.StartAggregatorAsync();
        var random = new Random(3);
        var producer = _installation.NewProducer(1);
        await producer.PublishAsync(writer =>
        {
            foreach (var job in new[] { Job, Other })
            {
                writer.AddJob(new JobDimension(Installation.Account, job, Now, "spring", "Hello", "shop@example.com", "Shop", "{}"u8.ToArray()));
                for (ushort position = 1; position < LinkOfPosition.Length; position++)
                    writer.AddLink(new LinkDimension(Installation.Account, job, position, LinkOfPosition[position], "html", $"https://shop.example/{LinkOfPosition[position]}", "look"));
            }
        });
        for (uint recipient = 0; recipient < People; recipient++)
        {
            foreach (var job in new[] { Job, Other })
            {
                var accepted = Event(EventKind.Accepted, job, recipient);
                await producer.PublishAsync(writer => writer.AddAccepted(
                    accepted, new RecipientDimension(Id(recipient), recipient % 3 == 0 ? "" : $"v{recipient % 3}", recipient % 2 == 0 ? "example.com" : "example.org", new RecipientKey(1, recipient), "{}"u8.ToArray())));
            }

            for (var i = random.Next(0, 6); i > 0; i--)
            {
                var kind = (EventKind)random.Next(2, 13);
                _events.Add(Event(kind, Job, recipient) with { Class = kind is EventKind.Opened or EventKind.Clicked ? (ReaderClass)random.Next(0, 3) : ReaderClass.Human, Position = Position(kind, random) });
            }
        }

        for (var i = 0; i < _events.Count; i++)
            _events[i] = _events[i] with { Link = LinkOfPosition[_events[i].Position] };
        await producer.PublishAsync(_events);
        await _installation.DrainedAsync();
    }

    public Task DisposeAsync() => _installation.DisposeAsync().AsTask();

    [Fact]
    public async Task Every_condition_and_any_of_them_together_name_those_to_whom_all_apply()
    {
        var facts = new Dictionary<string, Func<uint, bool>>
        {
            ["accepted=true"] = _ => true,
            ["variant=v1"] = n => n % 3 == 1,
            ["variant="] = n => n % 3 == 0,
            ["domain=EXAMPLE.com"] = n => n % 2 == 0,
        };
        foreach (var kind in new[] { EventKind.Delivered, EventKind.Bounced, EventKind.Dropped, EventKind.Expired, EventKind.Opened, EventKind.Clicked, EventKind.Unsubscribed, EventKind.Complained })
        {
            var who = Who(e => e.Kind == kind && e.Class == ReaderClass.Human);
            Assert.InRange(who.Count, 1, (int)People - 1);
            facts[$"{kind.ToString().ToLowerInvariant()}=true"] = who.Contains;
            facts[$"{kind.ToString().ToLowerInvariant()}=false"] = n => !who.Contains(n);
        }

        foreach (ushort number in new[] { 1, 2, 3 })
        {
            var byPosition = Who(e => e.Kind == EventKind.Clicked && e.Class == ReaderClass.Human && e.Position == number);
            var byLink = Who(e => e.Kind == EventKind.Clicked && e.Class == ReaderClass.Human && e.Link == number);
            facts[$"clicked_position={number}"] = byPosition.Contains;
            facts[$"not_clicked_position={number}"] = n => !byPosition.Contains(n);
            facts[$"clicked_link={number}"] = byLink.Contains;
            facts[$"not_clicked_link={number}"] = n => !byLink.Contains(n);
        }

        foreach (var (query, applies) in facts)
            await HoldsAsync(query, applies);
        var random = new Random(4);
        var all = facts.ToList();
        for (var round = 0; round < 25; round++)
        {
            var chosen = Enumerable.Range(0, random.Next(2, 6)).Select(_ => all[random.Next(all.Count)]).DistinctBy(fact => NameOf(fact.Key)).ToList();
            await HoldsAsync(string.Join('&', chosen.Select(fact => fact.Key)), n => chosen.TrueForAll(fact => fact.Value(n)));
        }

        await HoldsAsync("clicked_position=1&clicked_position=2", n => facts["clicked_position=1"](n) && facts["clicked_position=2"](n));
        await HoldsAsync("not_clicked_position=1&not_clicked_position=2", n => facts["not_clicked_position=1"](n) && facts["not_clicked_position=2"](n));
        await HoldsAsync("", _ => true);
        var metrics = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "metrics.md"));
        var section = metrics[metrics.IndexOf("## Audiences", StringComparison.Ordinal)..];
        var sql = section[(section.IndexOf("```sql\n", StringComparison.Ordinal) + 7)..];
        var rows = await _installation.ClickHouse.QueryAsync(sql[..sql.IndexOf("```", StringComparison.Ordinal)] + " FORMAT TSV", default, ("account", $"{Installation.Account}"), ("job", $"{Job}"));
        Assert.Equal(
            Enumerable.Range(0, (int)People).Select(n => (uint)n).Where(n => facts["opened=true"](n) && facts["not_clicked_position=3"](n)).Select(n => $"{n}\t{Id(n)}"),
            System.Text.Encoding.UTF8.GetString(rows).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Classes_in_hindsight_count_and_who_was_erased_is_left_out()
    {
        var humans = Who(e => e.Kind == EventKind.Opened && e.Class == ReaderClass.Human);
        await _aggregator.StopAsync();
        var fence = await _installation.FenceAsync();
        await _installation.ClickHouse.InsertSelectAsync(
            "INSERT INTO reclassifications (producer, shard, number, account, job, kind, recipient, time, class, class_reason, version) "
            + "SELECT producer, shard, number, account, job, kind, recipient, time, 'scanner', 'burst', " + fence.NextGeneration()
            + " FROM events WHERE kind = 'opened' AND recipient % 2 = 0 AND class = 'human' AND " + fence.Condition,
            fence.Mark("classes"), default);
        await _installation.NewRebuild().RebuildAsync([Job], fence, default);
        await _installation.ClickHouse.ExecuteAsync($"INSERT INTO erased (account, job, recipient) VALUES ({Installation.Account}, {Job}, 1), ({Installation.Account}, {Job}, 2), ({Installation.Account}, {Other}, 3)", default);
        _aggregator = await _installation.StartAggregatorAsync();
        await Eventually.HoldsAsync(async () => (await _aggregator.GetAsync($"/v1/jobs/{Job}/audience/count")).IsSuccessStatusCode, "the reports answer");

        await HoldsAsync("opened=true", n => humans.Contains(n) && n % 2 == 1 && n is not (1 or 2));
        await HoldsAsync("opened=false", n => !(humans.Contains(n) && n % 2 == 1) && n is not (1 or 2));
        await HoldsAsync("", n => n is not (1 or 2));
    }

    [Fact]
    public async Task It_comes_as_ndjson_csv_and_text_with_the_time_it_holds_for()
    {
        using var ndjson = await _aggregator.GetAsync($"/v1/jobs/{Job}/audience?variant=v1&end=true");
        Assert.Equal("application/x-ndjson", ndjson.Content.Headers.ContentType!.MediaType);
        Assert.InRange(DateTimeOffset.Parse(ndjson.Headers.GetValues("Fresh-As-Of").Single(), CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1));
        var lines = (await ndjson.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal("{\"recipient\":1,\"upstream_id\":\"=1+\\\"1\\\"\"}", lines[0]);
        Assert.Equal(["{\"end\":true,\"people\":100}", ""], lines[^2..]);

        using var csv = await _aggregator.GetAsync($"/v1/jobs/{Job}/audience?variant=v1", accept: "text/csv");
        Assert.StartsWith("recipient,upstream_id\r\n1,\"'=1+\"\"1\"\"\"\r\n4,\"id-4\"\r\n", await csv.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var text = await _aggregator.GetAsync($"/v1/jobs/{Job}/audience?format=text&domain=example.com&variant=");
        Assert.StartsWith("id-6\nid-12\n", await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var count = await _aggregator.GetAsync($"/v1/jobs/{Job}/audience/count?domain=example.com&variant=");
        var size = JsonElement.Parse(await count.Content.ReadAsStringAsync());
        Assert.Equal(($"{Job}", 50, 1), (size.GetProperty("job").GetString(), size.GetProperty("people").GetInt32(), size.GetProperty("without_id").GetInt32()));
        Assert.Equal(JsonValueKind.String, size.GetProperty("fresh_as_of").ValueKind);
    }

    [Theory]
    [InlineData("openned=true", "openned")]
    [InlineData("opened=yes", "opened")]
    [InlineData("opened=true&opened=false", "opened")]
    [InlineData("accepted=false", "accepted")]
    [InlineData("clicked_position=0", "clicked_position")]
    [InlineData("clicked_position=1&clicked_position=x", "clicked_position")]
    [InlineData("not_clicked_position=9", "positions 1, 2, 3, 4")]
    [InlineData("clicked_link=4", "links 1, 2, 3")]
    [InlineData("domain=a@b", "domain")]
    [InlineData("format=xml", "format")]
    [InlineData("end=true&format=csv", "end")]
    public async Task What_is_not_understood_is_named(string query, string named)
    {
        using var answer = await _aggregator.GetAsync($"/v1/jobs/{Job}/audience?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_key_of_the_account_with_the_right_reads_it()
    {
        foreach (var path in new[] { "audience", "audience/count" })
        {
            using var foreign = await _aggregator.GetAsync($"/v1/jobs/{Job}/{path}", Installation.OtherKey);
            using var unknown = await _aggregator.GetAsync($"/v1/jobs/77/{path}");
            using var submit = await _aggregator.GetAsync($"/v1/jobs/{Job}/{path}", Installation.SubmitKey);
            using var nobody = await _aggregator.GetAsync($"/v1/jobs/{Job}/{path}", null);
            Assert.Equal([404, 404, 403, 401], new[] { foreign, unknown, submit, nobody }.Select(answer => (int)answer.StatusCode));
        }
    }

    private async Task HoldsAsync(string query, Func<uint, bool> applies)
    {
        using var answer = await _aggregator.GetAsync($"/v1/jobs/{Job}/audience?{query}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, query + text);
        var people = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        var expected = Enumerable.Range(0, (int)People).Select(n => (uint)n).Where(applies).ToList();
        Assert.Equal((query, string.Join(',', expected)), (query, string.Join(',', people.Select(one => one.GetProperty("recipient").GetUInt32()))));
        Assert.All(people, one => Assert.Equal(Id(one.GetProperty("recipient").GetUInt32()), one.GetProperty("upstream_id").GetString()));
        using var count = await _aggregator.GetAsync($"/v1/jobs/{Job}/audience/count?{query}");
        Assert.Equal(expected.Count, JsonElement.Parse(await count.Content.ReadAsStringAsync()).GetProperty("people").GetInt32());
    }

    private static string NameOf(string query) => query[..query.IndexOf('=', StringComparison.Ordinal)].Replace("not_", "", StringComparison.Ordinal);

    private static string Id(uint recipient) => recipient switch { 0 => "", 1 => "=1+\"1\"", _ => $"id-{recipient}" };

    private HashSet<uint> Who(Func<DeliveryEvent, bool> did) => [.. _events.Where(did).Select(e => e.Recipient)];

    private static ushort Position(EventKind kind, Random random) => kind == EventKind.Clicked ? (ushort)random.Next(1, LinkOfPosition.Length) : (ushort)0;

    private static DeliveryEvent Event(EventKind kind, ulong job, uint recipient) => new() { Kind = kind, TimeMs = Now, Account = Installation.Account, Job = job, Recipient = recipient };
}
