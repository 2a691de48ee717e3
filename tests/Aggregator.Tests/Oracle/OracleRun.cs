using Delivery.Contracts.Events;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>Publishes the events of a run, while aggregators are killed, and waits until they are counted.</summary>
internal sealed class OracleRun(OracleLine line, OracleWorld world, OracleLedger ledger, Random random)
{
    private const int MostPerEntry = 200;
    private const int MostWaiting = 2_000;
    private const int Window = 20;
    private const int WindowsPerRough = 8;
    private const int Turns = 4;
    private static readonly ulong[] Producers = [1, 2, 77, ulong.MaxValue];
    private readonly List<OracleStream> _streams = [];
    private readonly OracleReclassification _reclassification = new(line, ledger, random);

    public string Summary =>
        $"{ledger.Events} events, {_streams.Sum(stream => stream.Again)} entries again, {_streams.Sum(stream => stream.OutOfOrder)} out of order, {_streams.Sum(stream => stream.Dead.Count)} spoiled, {_reclassification.Rows} reclassified";

    public async Task PublishAsync(int events)
    {
        foreach (var names in line.Names)
            _streams.AddRange(Producers.Select(producer => new OracleStream(line.Redis, names, producer, ledger, random)));
        foreach (var job in world.Jobs.Append(world.Silent))
            await _streams.First(stream => stream.Shard == Delivery.Contracts.Streams.StreamNames.ShardOf(job.Id, OracleWorld.Shards)).PublishAsync(job);
        var traffic = new OracleTraffic(world, random);
        var (made, turn) = (0, 0);
        var kill = Task.CompletedTask;
        for (var step = 0; made < events; step++)
        {
            if (step % Window == 0)
                await TurnAsync(step / Window);
            var stream = _streams[random.Next(_streams.Count)];
            var entry = new List<(OracleJob, DeliveryEvent)>();
            for (var left = random.Next(1, MostPerEntry); left > 0; left--)
                entry.Add(traffic.Next(stream.Shard, made / (double)events));
            made += entry.Count;
            await stream.PublishAsync(entry, IsRough(step / Window));
            if (made < (long)events * (turn + 1) / (Turns + 1))
                continue;
            await kill;
            if (turn % 2 == 0)
                kill = line.KillAggregatorAsync(turn / 2 % 2);
            else
                await ReclassifyAsync();
            turn++;
        }

        await kill;
        foreach (var stream in _streams)
            await stream.FlushAsync();
        await line.DrainedAsync();
    }

    /// <summary>Numbers that are dead letters, of each shard, and those that should be.</summary>
    public async Task<(string Found, string Expected)> DeadLettersAsync()
    {
        var (found, expected) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var stream in _streams)
            expected.UnionWith(stream.Dead.Select(number => $"{stream.Shard} {number}"));
        foreach (var names in line.Names)
        {
            foreach (var letter in (RedisResult[])(await line.Redis.ExecuteAsync("XRANGE", names.Dead, "-", "+"))!)
            {
                var fields = (RedisResult[])((RedisResult[])letter!)[1]!;
                var named = Enumerable.Range(0, fields.Length / 2).ToDictionary(i => (string)fields[2 * i]!, i => fields[(2 * i) + 1]);
                found.Add($"{names.Shard} {(string?)named["producer"]} {(string?)named["number"]}");
            }
        }

        return (string.Join('\n', found), string.Join('\n', expected));
    }

    /// <summary>Once most of what was published is counted, so that there is something to change.</summary>
    private async Task ReclassifyAsync()
    {
        await Eventually.HoldsAsync(async () => await line.WaitingAsync() == 0, "all that was published is counted", OracleOptions.Patience);
        await line.WhileDownAsync(_reclassification.RunAsync);
    }

    /// <summary>A window begins: waits where too much waits, and at the end of a rough one Redis goes back on some streams.</summary>
    private async Task TurnAsync(int window)
    {
        while (await line.WaitingAsync() > MostWaiting)
            await Task.Delay(20);
        if (IsRough(window))
            _streams.ForEach(stream => stream.Remember());
        if (window == 0 || !IsRough(window - 1))
            return;
        foreach (var stream in _streams)
        {
            if (random.Next(4) == 0)
                await stream.GoBackAsync();
            stream.Forget();
        }
    }

    private static bool IsRough(int window) => window % WindowsPerRough == 3;
}
