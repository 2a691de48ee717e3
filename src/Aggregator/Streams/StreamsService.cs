using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Erasure;
using Delivery.Aggregator.Hindsight;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Readers;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>Brings the schema up to date as soon as ClickHouse answers, then works on every shard until the program stops.</summary>
internal sealed class StreamsService(
    IOptions<AggregatorOptions> options,
    IOptions<RedisOptions> redisOptions,
    IConnectionMultiplexer redis,
    ClickHouseClient clickHouse,
    SchemaUpdate schema,
    SchemaState schemaState,
    RollupVerifier verifier,
    ErasedPeople erased,
    RollupRebuild rebuild,
    ReaderRules rules,
    RollupSweep sweep,
    BatchHook hook,
    AggregatorMetrics metrics,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILoggerFactory logs) : BackgroundService
{
    private readonly ILogger<StreamsService> _log = logs.CreateLogger<StreamsService>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await PrepareSchemaAsync(stoppingToken).ConfigureAwait(false))
            return;
        var workers = new Task[redisOptions.Value.Shards];
        for (var shard = 0; shard < workers.Length; shard++)
            workers[shard] = BuildWorker(shard).RunAsync(stoppingToken);
        await FollowErasuresAsync(stoppingToken).ConfigureAwait(false);
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private async Task FollowErasuresAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(ErasedPeople.RefreshEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await erased.RefreshAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ClickHouseException or OperationCanceledException)
            {
                // What was known holds, and the shards' own trouble is told by their workers.
            }
        }
    }

    private async Task<bool> PrepareSchemaAsync(CancellationToken stopping)
    {
        var delay = TimeSpan.FromMilliseconds(100);
        for (var first = true; !stopping.IsCancellationRequested; first = false)
        {
            try
            {
                var applied = await schema.ApplyAsync(SchemaFile.BuiltIn, stopping).ConfigureAwait(false);
                await erased.RefreshAsync(stopping).ConfigureAwait(false);
                Log.SchemaReady(_log, clickHouse.Database, applied);
                schemaState.Ready();
                return true;
            }
            catch (SchemaException e)
            {
                Log.SchemaRefused(_log, e.Message);
                Environment.ExitCode = 2;
                lifetime.StopApplication();
                return false;
            }
            catch (ClickHouseException e)
            {
                if (first)
                    Log.ClickHouseAway(_log, e.Message);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            await Task.Delay(delay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < options.Value.MaxRetryDelay ? delay * 2 : options.Value.MaxRetryDelay;
        }

        return false;
    }

    private ShardWorker BuildWorker(int shard)
    {
        var settings = options.Value;
        var names = new StreamNames(redisOptions.Value, shard);
        var database = redis.GetDatabase();
        var status = new ShardStatus();
        var ledger = new ShardLedger(database, names, settings, time);
        var presence = new EventPresence(clickHouse, shard);
        var insert = new BatchInsert(clickHouse, presence, verifier);
        var hindsight = new HindsightPass(
            shard,
            new HindsightMark(database, names, settings),
            new HistoryQuery(clickHouse, rules),
            new ReaderPages(clickHouse, shard),
            new RevisionInsert(clickHouse),
            rebuild,
            settings.Hindsight,
            time,
            logs.CreateLogger<HindsightPass>());
        var consumer = new ShardConsumer(
            shard,
            ledger,
            new BatchReader(new EntryStream(DirectRange.For(redisOptions.Value, names, database, settings.RedisTimeout)), settings),
            clickHouse,
            insert,
            presence,
            erased,
            rebuild,
            hindsight,
            new ShardUpkeep(
                shard, new RepairRequests(database, names, settings.RedisTimeout), verifier, rebuild, sweep, time, logs.CreateLogger<ShardUpkeep>()),
            new Replays(shard, erased, new ReplayStream(database, names, settings.RedisTimeout), ledger, insert, hindsight, hook, metrics, time, logs.CreateLogger<Replays>()),
            hook,
            settings,
            status,
            metrics,
            time,
            logs.CreateLogger<ShardConsumer>());
        return new ShardWorker(shard, ledger, consumer, settings, status, time, logs.CreateLogger<ShardWorker>());
    }
}
