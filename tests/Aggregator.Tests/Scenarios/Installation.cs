using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>A corner of its own (key prefix, database) on a Redis and a ClickHouse, and the aggregators that a scenario starts there.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private static int _count;
    private readonly List<TestAggregator> _aggregators = [];
    private readonly string _name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";

    private Installation(string redisAddress, string clickHouseUrl, ConnectionMultiplexer redis)
    {
        RedisAddress = redisAddress;
        ClickHouseUrl = clickHouseUrl;
        Connection = redis;
        Options = new RedisOptions { Address = redisAddress, Prefix = _name + ":", Shards = 1 };
        Names = new StreamNames(Options, 0);
        ClickHouse = new ClickHouseClient(new HttpClient(), new ClickHouseOptions { Url = clickHouseUrl, Database = _name });
    }

    public const uint Account = 7;
    public const string Key = "test-key-0123456789abcdef";
    public const string OtherKey = "other-key-0123456789abcdef";
    public const string SubmitKey = "submit-key-0123456789abcdef";

    public string RedisAddress { get; }

    public string ClickHouseUrl { get; }

    public ConnectionMultiplexer Connection { get; }

    public RedisOptions Options { get; }

    public StreamNames Names { get; }

    public ClickHouseClient ClickHouse { get; }

    public IDatabase Redis => Connection.GetDatabase();

    public string Database => _name;

    public static async Task<Installation> CreateAsync(string redisAddress, Uri clickHouseUrl)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync($"{redisAddress},abortConnect=false,connectTimeout=5000,syncTimeout=10000");
        return new Installation(redisAddress, clickHouseUrl.GetLeftPart(UriPartial.Authority), redis);
    }

    /// <summary>The next fence of shard 0, as a new owner takes it.</summary>
    public Task<ShardFence> FenceAsync() => ShardFence.TakeAsync(ClickHouse, 0, "test", TimeProvider.System, default);

    public RollupRebuild NewRebuild() => new(ClickHouse, TimeProvider.System);

    public RollupVerifier NewVerifier() => new(ClickHouse, NewRebuild());

    public BatchInsert NewInsert() => new(ClickHouse, new EventPresence(ClickHouse, 0), NewVerifier());

    public TestProducer NewProducer(ulong id) => new(this, id);

    public async Task<TestAggregator> StartAggregatorAsync(Func<BatchPoint, Task>? hook = null, string leaseTime = "00:00:10", params string[] settings)
    {
        var aggregator = await TestAggregator.StartAsync([.. Settings(leaseTime), .. settings], hook);
        _aggregators.Add(aggregator);
        return aggregator;
    }

    public string[] Settings(string leaseTime) =>
    [
        "--Aggregator:Url=http://127.0.0.1:0",
        $"--Aggregator:ClickHouse:Url={ClickHouseUrl}",
        $"--Aggregator:ClickHouse:Database={Database}",
        "--Aggregator:BatchInterval=00:00:00.020",
        "--Aggregator:MaxRetryDelay=00:00:00.500",
        $"--Aggregator:LeaseTime={leaseTime}",
        "--Aggregator:Hindsight:Enabled=false",
        $"--Redis:Address={RedisAddress}",
        $"--Redis:Prefix={Options.Prefix}",
        $"--Access:ApiKeys:0:Account={Account}",
        $"--Access:ApiKeys:0:Key={Key}",
        "--Access:ApiKeys:1:Account=8",
        $"--Access:ApiKeys:1:Key={OtherKey}",
        $"--Access:ApiKeys:2:Account={Account}",
        $"--Access:ApiKeys:2:Key={SubmitKey}",
        "--Access:ApiKeys:2:Rights=submit",
    ];

    /// <summary>Waits until all that was published is committed.</summary>
    public Task DrainedAsync(TimeSpan? deadline = null) => Eventually.HoldsAsync(
        async () => (long)await Redis.ExecuteAsync("XLEN", Names.Entries) == 0 && !await Redis.KeyExistsAsync(Names.Key("manifest")),
        "the stream is empty and no manifest is left",
        deadline);

    public async Task<ulong> NumberAsync(string sql) => new TabSeparatedAnswer(await ClickHouse.QueryAsync(sql + " FORMAT TSV", default)).Number;

    public async Task<string> TextAsync(string sql) => System.Text.Encoding.UTF8.GetString(await ClickHouse.QueryAsync(sql + " FORMAT TSV", default));

    public async ValueTask DisposeAsync()
    {
        foreach (var aggregator in _aggregators)
            await aggregator.DisposeAsync();
        Connection.Dispose();
    }

    private readonly struct TabSeparatedAnswer(byte[] answer)
    {
        public ulong Number => new TabSeparated(answer).UInt64();
    }
}
