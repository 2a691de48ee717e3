using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts.Streams;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>Redis, ClickHouse and two aggregators, each a process of its own.</summary>
internal sealed class OracleLine : IAsyncDisposable
{
    private readonly RedisProcess _redis;
    private readonly ClickHouseProcess _engine;
    private readonly ConnectionMultiplexer _connection;
    private readonly ClickHouseClient _clickHouse;
    private readonly List<ProgramProcess> _aggregators = [];
    private readonly HttpClient _http = new() { Timeout = OracleOptions.Patience };

    private OracleLine(RedisProcess redis, ClickHouseProcess engine, ConnectionMultiplexer connection)
    {
        (_redis, _engine, _connection) = (redis, engine, connection);
        var options = new RedisOptions { Address = redis.Address, Shards = OracleWorld.Shards };
        Names = [.. Enumerable.Range(0, OracleWorld.Shards).Select(shard => new StreamNames(options, shard))];
        _clickHouse = new ClickHouseClient(_http, new ClickHouseOptions { Url = engine.Url.GetLeftPart(UriPartial.Authority), Database = "delivery" });
    }

    public IReadOnlyList<StreamNames> Names { get; }

    public IDatabase Redis => _connection.GetDatabase();

    public static async Task<OracleLine> StartAsync()
    {
        var redis = await RedisProcess.StartAsync();
        var line = new OracleLine(redis, await ClickHouseProcess.StartAsync(), await redis.ConnectAsync());
        for (var i = 0; i < 2; i++)
            line._aggregators.Add(await ProgramProcess.StartAsync("Aggregator", line.Settings()));
        return line;
    }

    /// <summary>kill -9 of one, and a start.</summary>
    public async Task KillAggregatorAsync(int which)
    {
        await _aggregators[which].KillAsync();
        await _aggregators[which].LaunchAsync();
    }

    /// <summary>Does something while there is no aggregator, and starts both again.</summary>
    public async Task WhileDownAsync(Func<Task> work)
    {
        foreach (var aggregator in _aggregators)
            await aggregator.KillAsync();
        await work();
        await Task.WhenAll(_aggregators.Select(aggregator => aggregator.LaunchAsync()));
    }

    /// <summary>Entries that wait, in all shards.</summary>
    public async Task<long> WaitingAsync()
    {
        var waiting = 0L;
        foreach (var names in Names)
            waiting += (long)await Redis.ExecuteAsync("XLEN", names.Entries);
        return waiting;
    }

    /// <summary>Waits until all that was published is committed.</summary>
    public Task DrainedAsync() => Eventually.HoldsAsync(
        async () =>
        {
            foreach (var names in Names)
            {
                if ((long)await Redis.ExecuteAsync("XLEN", names.Entries) > 0 || await Redis.KeyExistsAsync(names.Key("manifest")))
                    return false;
            }

            return await QueryAsync(OracleReclassification.DueSql) == "0\n";
        },
        "all shards are empty, no manifest is left and no class waits to be counted",
        OracleOptions.Patience);

    /// <summary>The answer's rows, each with its end of line.</summary>
    public async Task<string> QueryAsync(string sql) => Encoding.UTF8.GetString(await _clickHouse.QueryAsync(sql + " FORMAT TSV", default));

    public Task ExecuteAsync(string sql) => _clickHouse.ExecuteAsync(sql, default);

    /// <summary>A report by one of the two.</summary>
    public async Task<byte[]> ReportAsync(int which, uint account, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_aggregators[which].Url, path));
        request.Headers.Authorization = new("Bearer", KeyOf(account));
        using var answer = await _http.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var aggregator in _aggregators)
            await aggregator.DisposeAsync();
        _connection.Dispose();
        await _engine.DisposeAsync();
        await _redis.DisposeAsync();
        _http.Dispose();
    }

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["Aggregator__Url"] = "http://127.0.0.1:0",
            ["Aggregator__ClickHouse__Url"] = _engine.Url.GetLeftPart(UriPartial.Authority),
            ["Aggregator__BatchRows"] = $"{OracleOptions.BatchRows}",
            ["Aggregator__BatchInterval"] = "00:00:00.020",
            ["Aggregator__MaxRetryDelay"] = "00:00:00.500",
            ["Aggregator__LeaseTime"] = "00:00:03",
            ["Aggregator__Hindsight__Enabled"] = "false", // its rules are not the oracle's: classes change by OracleReclassification alone
            ["Redis__Address"] = _redis.Address,
            ["Redis__Shards"] = $"{OracleWorld.Shards}",
        };
        for (var i = 0; i < OracleWorld.Accounts.Length; i++)
        {
            settings[$"Access__ApiKeys__{i}__Account"] = $"{OracleWorld.Accounts[i]}";
            settings[$"Access__ApiKeys__{i}__Key"] = KeyOf(OracleWorld.Accounts[i]);
        }

        return settings;
    }

    private static string KeyOf(uint account) => $"key-of-account-{account}-0123456789";
}
