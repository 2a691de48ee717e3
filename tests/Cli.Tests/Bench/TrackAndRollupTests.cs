namespace Delivery.Cli.Tests.Bench;

[Collection(BenchRun.Collection)]
public sealed class TrackAndRollupTests : IDisposable
{
    private readonly BenchRun _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Every_request_to_the_tracker_is_an_event_and_the_bare_server_answers_the_same()
    {
        var result = await _bench.RunAsync(ExitCodes.Success, "track", "--requests", "400", "--warm-up", "100", "--connections", "4", "--rounds", "2");

        // To warm up; and in each round at full speed and at half load. Without a Redis all are in the journal.
        Assert.Equal(2 * (100 + (2 * 2 * 400)), result.GetProperty("journaled").GetInt32());
        Assert.Equal((1_700, 1_700), (result.GetProperty("recorded_opens").GetInt32(), result.GetProperty("recorded_clicks").GetInt32()));
        var rows = result.GetProperty("rows").EnumerateArray().ToDictionary(row => row.GetProperty("name").GetString()!);
        Assert.Equal(rows["tracker opens"].GetProperty("answer_bytes").GetInt32(), rows["bare Kestrel opens"].GetProperty("answer_bytes").GetInt32());
        Assert.Equal(rows["tracker clicks"].GetProperty("answer_bytes").GetInt32(), rows["bare Kestrel clicks"].GetProperty("answer_bytes").GetInt32());
        Assert.All(rows.Values, row =>
        {
            Assert.True(row.GetProperty("requests_per_second").GetDouble() > 0);
            Assert.InRange(row.GetProperty("p50_microseconds").GetDouble(), 0.1, row.GetProperty("p99_microseconds").GetDouble());
        });
    }

    [Theory]
    [InlineData(2_000, 1)]
    [InlineData(5_003, 200)]
    public async Task Every_event_becomes_a_row_and_is_in_the_roll_ups(int events, int packed)
    {
        var result = await _bench.RunAsync(ExitCodes.Success, "rollup", "--events", $"{events}", "--packed", $"{packed}");

        Assert.Equal((events, events), (result.GetProperty("raw_rows").GetInt32(), result.GetProperty("rolled_up_events").GetInt32()));
        Assert.Equal(events / 3, result.GetProperty("rolled_up_clicks").GetInt32());
        foreach (var rate in (string[])["events_per_second", "plain_insert_per_second", "insert_with_views_per_second"])
            Assert.True(result.GetProperty(rate).GetDouble() > 0);
    }
}
