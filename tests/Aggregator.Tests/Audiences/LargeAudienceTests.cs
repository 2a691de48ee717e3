using System.Globalization;
using System.Net.Http.Headers;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Audiences;

/// <summary>A million people.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class LargeAudienceTests(SharedStores stores)
{
    private const ulong Job = 6_000_000_000_000_000_001;
    private const int People = 1_000_000;

    [Fact]
    public async Task A_million_people_come_whole_and_in_order_through_a_program_that_could_not_hold_them()
    {
        await using var installation = await stores.InstallAsync();
        await FillAsync(installation);
        var settings = installation.Settings("00:00:10").Select(argument => argument[2..].Split('=', 2)).ToDictionary(pair => pair[0].Replace(":", "__", StringComparison.Ordinal), pair => pair[1]);
        settings["DOTNET_GCHeapHardLimit"] = "0x3C00000"; // 60 MiB, with all that the program needs by itself; the lines are 43 MB, and twice that while a buffer grows.
        await using var aggregator = await ProgramProcess.StartAsync("Aggregator", settings);
        using var client = new HttpClient { BaseAddress = aggregator.Url, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Installation.Key);

        Assert.Equal((People, People - 1), await ReadAsync(client, "", 0, 1));
        Assert.Equal((People / 4, People - 2), await ReadAsync(client, "&opened=true&not_clicked_position=3", 2, 4));
    }

    [Fact]
    public async Task When_clickhouse_goes_away_in_the_middle_the_stream_is_cut_off_and_does_not_end()
    {
        await using var engine = stores.NewFaultyEngine();
        await using var installation = await stores.InstallAsync(engine.Url);
        await FillAsync(installation);
        var aggregator = await installation.StartAggregatorAsync();
        await Eventually.HoldsAsync(async () => (await aggregator.GetAsync($"/v1/jobs/{Job}/audience/count")).IsSuccessStatusCode, "the reports answer");
        var asked = 0;
        engine.Script = (target, _) => target.Contains($"param_job={Job}", StringComparison.Ordinal) && Interlocked.Increment(ref asked) > 4 ? HttpFault.Status500 : HttpFault.None;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{Job}/audience");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Installation.Key);
        using var answer = await aggregator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());

        Interlocked.Exchange(ref asked, 10);
        using var refused = await aggregator.GetAsync($"/v1/jobs/{Job}/audience");
        Assert.Equal((503, true), ((int)refused.StatusCode, refused.Headers.RetryAfter is not null));
    }

    /// <summary>Everybody was accepted and every second one opened; every fourth clicked the link at position 3.</summary>
    private static async Task FillAsync(Installation installation)
    {
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        await RunAsync($"INSERT INTO recipients SELECT {Installation.Account}, {Job}, number, concat('C-', toString(number)), '', 'example.com', toFixedString('k', 16), '{{}}' FROM numbers({People})");
        await RunAsync($"INSERT INTO links VALUES ({Installation.Account}, {Job}, 3, 3, 'html', 'https://shop.example/', 'look')");
        await EventsAsync("accepted", 1, 0);
        await EventsAsync("opened", 2, 0);
        await EventsAsync("clicked", 4, 3);

        Task EventsAsync(string kind, int each, int position) => RunAsync(
            "INSERT INTO events (producer, shard, number, kind, time, account, job, recipient, link, position, class) "
            + $"SELECT 1, 0, number + {position + each} * 10000000, '{kind}', now64(3), {Installation.Account}, {Job}, number * {each}, {position}, {position}, 'human' FROM numbers({People / each})");

        Task RunAsync(string sql) => installation.ClickHouse.ExecuteAsync(sql, default);
    }

    /// <summary>How many came, and the last of them; each is <paramref name="step"/> behind the one before.</summary>
    private static async Task<(int People, int Last)> ReadAsync(HttpClient client, string query, int first, int step)
    {
        using var answer = await client.GetAsync($"/v1/jobs/{Job}/audience?end=true{query}", HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var people = 0;
        var last = -1;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("{\"end\":", StringComparison.Ordinal))
            {
                Assert.Equal($"{{\"end\":true,\"people\":{people}}}", line);
                Assert.Null(await reader.ReadLineAsync());
                return (people, last);
            }

            var comma = line.IndexOf(',', StringComparison.Ordinal);
            last = int.Parse(line.AsSpan(13, comma - 13), CultureInfo.InvariantCulture);
            Assert.Equal(first + (people * step), last);
            people++;
        }

        throw new InvalidOperationException("There was no end.");
    }
}
