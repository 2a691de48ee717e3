using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Up to which numbers all events are in ClickHouse, and what came late, as the shards' owners tell. One look serves all who ask within a moment. Thread-safe.</summary>
internal sealed class FeedMarks(
    IConnectionMultiplexer redis, ClickHouseClient clickHouse, IOptions<RedisOptions> streams, IOptions<AggregatorOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly StreamNames[] _shards = [.. Enumerable.Range(0, streams.Value.Shards).Select(shard => new StreamNames(streams.Value, shard))];
    private (long At, FeedStand Stand)? _last;

    /// <exception cref="RedisException">Redis does not tell.</exception>
    /// <exception cref="TimeoutException">Nor this.</exception>
    public async Task<FeedStand> LookAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < options.Value.Webhooks.Poll / 2)
                return last.Stand;
            var at = time.GetTimestamp();
            var stand = await ReadAsync().ConfigureAwait(false);
            _last = (at, stand);
            return stand;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The cursor of a webhook that begins now: all that is in ClickHouse at this moment is behind it.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not tell.</exception>
    public async Task<FeedCursor> NowAsync(CancellationToken cancellation)
    {
        var cursor = await BeginningAsync().ConfigureAwait(false);
        var marks = (await ReadAsync().ConfigureAwait(false)).Marks.ToDictionary();
        var answer = await clickHouse.QueryAsync("SELECT shard, producer, max(number) FROM events GROUP BY shard, producer FORMAT TSV", cancellation).ConfigureAwait(false);
        Take(answer, marks);
        foreach (var (stream, number) in marks)
            cursor.Marks[stream.ToString()] = number;
        return cursor;
    }

    /// <summary>The cursor of a webhook that is to have everything.</summary>
    public async Task<FeedCursor> BeginningAsync()
    {
        var cursor = new FeedCursor();
        foreach (var (shard, id) in (await ReadAsync().ConfigureAwait(false)).Late)
            cursor.Late[shard] = new LatePlace(id, 0);
        return cursor;
    }

    /// <summary>The entry of a shard's list that follows one; null at its end.</summary>
    public async Task<LateEntry?> LateAfterAsync(int shard, string id)
    {
        var page = (RedisResult[])(await RunAsync("XRANGE", FeedKeys.Late(_shards[shard]), "(" + id, "+", "COUNT", 1).ConfigureAwait(false))!;
        if (page is not [var entry])
            return null;
        var parts = (RedisResult[])entry!;
        var fields = (RedisResult[])parts[1]!;
        return new LateEntry((string)parts[0]!, new NumberWindow(shard, Number(fields[1]), Number(fields[3]), Number(fields[5])));
    }

    public void Dispose() => _gate.Dispose();

    private static void Take(byte[] answer, Dictionary<FeedStream, ulong> marks)
    {
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
        {
            var stream = new FeedStream((int)rows.UInt64(), rows.UInt64());
            marks[stream] = Math.Max(rows.UInt64(), marks.GetValueOrDefault(stream));
        }
    }

    private async Task<FeedStand> ReadAsync()
    {
        var (marks, late) = (new Dictionary<FeedStream, ulong>(), new Dictionary<int, string>());
        foreach (var names in _shards)
        {
            var fields = await redis.GetDatabase().HashGetAllAsync(FeedKeys.Committed(names)).WaitAsync(options.Value.RedisTimeout).ConfigureAwait(false);
            foreach (var field in fields)
                marks[new FeedStream(names.Shard, ulong.Parse((string)field.Name!, CultureInfo.InvariantCulture))] = ulong.Parse((string)field.Value!, CultureInfo.InvariantCulture);
            var newest = (RedisResult[])(await RunAsync("XREVRANGE", FeedKeys.Late(names), "+", "-", "COUNT", 1).ConfigureAwait(false))!;
            late[names.Shard] = newest is [var entry] ? (string)((RedisResult[])entry!)[0]! : LatePlace.Start;
        }

        return new FeedStand(marks, late);
    }

    private Task<RedisResult> RunAsync(string command, params object[] arguments) =>
        redis.GetDatabase().ExecuteAsync(command, arguments).WaitAsync(options.Value.RedisTimeout);

    private static ulong Number(RedisResult value) => ulong.Parse((string)value!, CultureInfo.InvariantCulture);
}

/// <param name="Marks">Up to which number all events of a stream can be read.</param>
/// <param name="Late">Shard → the newest entry of its list of what came late.</param>
internal sealed record FeedStand(IReadOnlyDictionary<FeedStream, ulong> Marks, IReadOnlyDictionary<int, string> Late);

/// <summary>Numbers whose events came after higher ones could be read already.</summary>
internal sealed record LateEntry(string Id, NumberWindow Numbers);
