using System.Net;
using System.Text;
using System.Text.Json;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Events;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>What cannot be read today can be looked at, and be read again tomorrow by a program that can: once.</summary>
[Collection(SharedStoresCollection.Name)]
public class DeadLetterTests(SharedStores stores)
{
    private const string AdminKey = Installation.Key;

    [Fact]
    public async Task Dead_letters_can_be_listed_by_reason_and_shown_with_their_bytes()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var producer = installation.NewProducer(5);
        for (var i = 0; i < 3; i++)
            await producer.PublishAsync(Damaged(producer, new Traffic(60 + i), kind: (byte)(90 + i), out _));
        await installation.DrainedAsync();

        var all = await AskAsync(aggregator, HttpMethod.Get, "/v1/deadletters?shard=0&limit=2");
        Assert.Equal(2, all.GetProperty("letters").GetArrayLength());
        var rest = await AskAsync(aggregator, HttpMethod.Get, $"/v1/deadletters?after={all.GetProperty("next").GetString()}");
        var last = Assert.Single(rest.GetProperty("letters").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        Assert.Equal(("unknown kind 92", "5", "7", ""), (Text(last, "reason"), Text(last, "producer"), Text(last, "number"), Text(last, "records")));
        var found = await AskAsync(aggregator, HttpMethod.Get, "/v1/deadletters?reason=kind%2091");
        var one = Assert.Single(found.GetProperty("letters").EnumerateArray());
        var shown = await AskAsync(aggregator, HttpMethod.Get, $"/v1/deadletters/0/{Text(one, "id")}");
        Assert.Equal(91, shown.GetProperty("raw").GetBytesFromBase64()[0]);
        Assert.Equal(shown.GetProperty("bytes").GetInt32(), shown.GetProperty("raw").GetBytesFromBase64().Length);
    }

    [Fact]
    public async Task A_dead_letter_that_can_be_read_now_is_counted_under_its_own_number_and_never_twice()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var traffic = new Traffic(71);
        var producer = installation.NewProducer(6);
        await producer.PublishAsync(traffic.More(100));
        await producer.PublishAsync(traffic.More(40));
        await installation.DrainedAsync();

        // As an older program would have left them: one that nobody counted yet, one record and one entry that are counted already.
        var (whole, count) = producer.Pack(traffic.More(3));
        await LetterAsync(installation, 6, 141, "3", whole);
        await LetterAsync(installation, 6, 120, "", Record(producer, traffic.All[119]));
        await LetterAsync(installation, 6, 1, "50", producer.Pack(traffic.All.Take(50)).Bytes);
        Assert.Equal(3, count);
        for (var i = 0; i < 2; i++)
        {
            await LetterAsync(installation, 6, 141, "3", whole);
            Assert.Equal(i == 0 ? 4 : 1, (await PostAsync(aggregator, "replay", "{\"shard\":0,\"all\":true}")).GetProperty("changed").GetInt32());
            await ReplayedAsync(installation);
            await Count.AgreesAsync(installation, traffic.All, aggregator);
        }

        Assert.Equal("1\t143\n", await installation.TextAsync("SELECT min(number), max(number) FROM events"));
        Assert.Equal(0, await LettersAsync(installation));
    }

    [Fact]
    public async Task What_is_still_unreadable_comes_back_with_its_reason_and_a_replay_of_all_ends()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var producer = installation.NewProducer(8);
        await producer.PublishAsync(Damaged(producer, new Traffic(72), 77, out var good));
        await installation.Redis.ExecuteAsync("XADD", (RedisKey)installation.Names.Entries, "*", "what", "ever");
        await installation.DrainedAsync();
        Assert.Equal(2, await LettersAsync(installation));
        Assert.Equal(2, (await PostAsync(aggregator, "replay", "{\"shard\":0,\"all\":true}")).GetProperty("changed").GetInt32());
        await ReplayedAsync(installation);

        var letters = (await AskAsync(aggregator, HttpMethod.Get, "/v1/deadletters")).GetProperty("letters").EnumerateArray().ToList();
        Assert.Equal(["no producer", "unknown kind 77"], letters.Select(letter => Text(letter, "reason")).Order());
        Assert.Equal(["", "1"], letters.Select(letter => Text(letter, "number")).Order());
        Assert.Equal(["", "?"], letters.Select(letter => Text(letter, "records")).Order());
        Assert.Equal(1, (await PostAsync(aggregator, "drop", "{\"shard\":0,\"reason\":\"no producer\"}")).GetProperty("changed").GetInt32());
        var id = letters.Single(letter => Text(letter, "reason") == "unknown kind 77").GetProperty("id").GetString();
        Assert.Equal(1, (await PostAsync(aggregator, "drop", $"{{\"shard\":0,\"ids\":[\"{id}\"]}}")).GetProperty("changed").GetInt32());
        Assert.Equal(0, (await PostAsync(aggregator, "drop", $"{{\"shard\":0,\"ids\":[\"{id}\"]}}")).GetProperty("changed").GetInt32());
        Assert.Equal(0, await LettersAsync(installation));
        await Count.AgreesAsync(installation, good, aggregator);
    }

    [Theory]
    [InlineData(BatchPoint.BeforeReplay)]
    [InlineData(BatchPoint.AfterReplay)]
    internal async Task A_replay_that_its_owner_does_not_end_is_ended_by_the_next_while_the_stream_goes_on(BatchPoint where)
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(73);
        var producer = installation.NewProducer(9);
        await producer.PublishAsync(traffic.More(100));
        var frozen = new TaskCompletionSource();
        var wake = new TaskCompletionSource();
        var first = await installation.StartAggregatorAsync(
            async point =>
            {
                if (point != where)
                    return;
                frozen.TrySetResult();
                await wake.Task;
            },
            leaseTime: "00:00:01");
        await installation.DrainedAsync();
        var (bytes, count) = producer.Pack(traffic.More(10));
        await LetterAsync(installation, 9, producer.Next, count.ToString(), bytes);
        producer.Next += (ulong)count;
        await LetterAsync(installation, 9, 3, "", Record(producer, traffic.All[2]));
        await PostAsync(first, "replay", "{\"shard\":0,\"all\":true}");
        await frozen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await installation.Redis.KeyDeleteAsync(installation.Names.Key("lease"));
        await producer.PublishAsync(traffic.More(100), perEntry: 5, leap: true);
        var second = await installation.StartAggregatorAsync(leaseTime: "00:00:30");
        await ReplayedAsync(installation);
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, second);

        wake.SetResult();
        await producer.PublishAsync(traffic.More(100), perEntry: 5);
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, second);
        Assert.Equal(0, await LettersAsync(installation));
    }

    [Fact]
    public async Task An_event_that_waits_in_the_stream_and_among_the_replays_is_counted_once()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(74);
        var producer = installation.NewProducer(10);
        await producer.PublishAsync(traffic.More(120), perEntry: 40);
        await installation.Redis.ExecuteAsync(
            "XADD", (RedisKey)installation.Names.Replay, "*", "group", "g", "producer", "10", "number", "1", "count", "40", "entry", "1-0", "raw", producer.Sent[0].Bytes);
        var aggregator = await installation.StartAggregatorAsync();
        await ReplayedAsync(installation);
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task Dead_letters_are_for_an_operator_with_the_right_admin_and_bad_orders_name_the_field()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        using var nobody = await aggregator.GetAsync("/v1/deadletters", key: null);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        using var submitter = await aggregator.GetAsync("/v1/deadletters", Installation.SubmitKey);
        Assert.Equal(HttpStatusCode.Forbidden, submitter.StatusCode);
        using var outside = new HttpRequestMessage(HttpMethod.Get, "/v1/deadletters") { Headers = { { "X-Forwarded-For", "198.51.100.7" }, { "Authorization", "Bearer " + AdminKey } } };
        using var hidden = await aggregator.Http.SendAsync(outside);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        foreach (var (body, word) in new[]
        {
            ("{}", "shard"), ("{\"shard\":0}", "exactly one"), ("{\"shard\":1,\"all\":true}", "shard"), ("{\"shard\":0,\"all\":true,\"reason\":\"x\"}", "exactly one"),
            ("{\"shard\":0,\"ids\":[\"x\"]}", "ids"), ("{\"shard\":0,\"al\":true}", "al"), ("", "body"), ("{\"shard\":0,\"all\":true,\"after\":\"y\"}", "after"),
        })
        {
            using var answer = await SendAsync(aggregator, HttpMethod.Post, "/v1/deadletters/replay", body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(word, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var unknown = await aggregator.GetAsync("/v1/deadletters?reasons=x");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    /// <summary>An entry whose second of three records is of an unknown kind; <paramref name="good"/> are the others.</summary>
    private static (byte[] Bytes, int Count) Damaged(TestProducer producer, Traffic traffic, byte kind, out List<DeliveryEvent> good)
    {
        good = traffic.More(3);
        var (bytes, count) = producer.Pack(good);
        bytes[5] = kind;
        good.RemoveAt(0);
        return (bytes, count);
    }

    private static byte[] Record(TestProducer producer, DeliveryEvent one) => producer.Pack([one]).Bytes[5..];

    private static async Task LetterAsync(Installation installation, ulong producer, ulong number, string count, byte[] raw) => await installation.Redis.ExecuteAsync(
        "XADD", (RedisKey)installation.Names.Dead, "*", "reason", "unknown bounce class", "producer", producer.ToString(), "number", number.ToString(),
        "count", count, "entry", "1-0", "raw", raw);

    private static async Task<long> LettersAsync(Installation installation) => (long)await installation.Redis.ExecuteAsync("XLEN", (RedisKey)installation.Names.Dead);

    private static Task ReplayedAsync(Installation installation) => Eventually.HoldsAsync(
        async () => (long)await installation.Redis.ExecuteAsync("XLEN", (RedisKey)installation.Names.Replay) == 0, "the replay is committed", TimeSpan.FromSeconds(60));

    private static string Text(JsonElement letter, string name) => letter.GetProperty(name).GetString()!;

    private static Task<JsonElement> PostAsync(TestAggregator aggregator, string what, string body) => AskAsync(aggregator, HttpMethod.Post, "/v1/deadletters/" + what, body);

    private static async Task<JsonElement> AskAsync(TestAggregator aggregator, HttpMethod method, string path, string? body = null)
    {
        using var answer = await SendAsync(aggregator, method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static async Task<HttpResponseMessage> SendAsync(TestAggregator aggregator, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Authorization", "Bearer " + AdminKey } } };
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await aggregator.Http.SendAsync(request);
    }
}
