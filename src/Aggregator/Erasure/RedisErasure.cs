using System.Buffers.Binary;
using System.Text;
using Delivery.Contracts;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Erasure;

/// <summary>What an erasure does in Redis: waits until the streams are read, clears dead letters, and has Redis write its files anew.</summary>
internal sealed class RedisErasure(IConnectionMultiplexer redis, IOptions<RedisOptions> options, TimeProvider time)
{
    private const int AtOnce = 1_000;
    private const int LeastText = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRewrite = TimeSpan.FromMinutes(10);

    /// <summary>True once all that was in the streams at the time of the call is in ClickHouse and trimmed.</summary>
    /// <exception cref="RedisException">Redis does not answer.</exception>
    public async Task<bool> DrainedAsync(CancellationToken cancellation)
    {
        var database = redis.GetDatabase();
        var began = time.GetTimestamp();
        for (var shard = 0; shard < options.Value.Shards; shard++)
        {
            var entries = new StreamNames(options.Value, shard).Entries;
            if (await LastAsync(database, entries).ConfigureAwait(false) is not { } last)
                continue;
            while (((RedisResult[])(await database.ExecuteAsync("XRANGE", entries, "-", last, "COUNT", 1).ConfigureAwait(false))!).Length > 0)
            {
                if (time.GetElapsedTime(began) > LongestRead)
                    return false;
                await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
            }
        }

        return true;
    }

    /// <summary>Removes dead letters that hold one of the keys, texts or recipients. Returns how many.</summary>
    public async Task<long> ClearDeadLettersAsync(
        uint account, IReadOnlyList<RecipientKey> keys, IReadOnlyList<string> texts, IReadOnlyList<(ulong Job, uint Recipient)> people, CancellationToken cancellation)
    {
        List<byte[]> wanted =
        [
            .. keys.Select(key => key.ToBytes()), .. texts.Where(text => text.Length >= LeastText).Select(Encoding.UTF8.GetBytes),
            .. people.Select(one => Subject(account, one.Job, one.Recipient)),
        ];
        var database = redis.GetDatabase();
        var removed = 0L;
        for (var shard = 0; shard < options.Value.Shards; shard++)
        {
            var names = new StreamNames(options.Value, shard);
            removed += await ClearAsync(database, names.Dead, wanted, cancellation).ConfigureAwait(false)
                + await ClearAsync(database, names.Replay, wanted, cancellation).ConfigureAwait(false);
        }

        return removed;
    }

    private static async Task<long> ClearAsync(IDatabase database, RedisKey letters, List<byte[]> wanted, CancellationToken cancellation)
    {
        var removed = 0L;
        for (var from = "-"; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = (RedisResult[])(await database.ExecuteAsync("XRANGE", letters, from, "+", "COUNT", AtOnce).ConfigureAwait(false))!;
            foreach (var letter in page)
            {
                var parts = (RedisResult[])letter!;
                from = "(" + (string)parts[0]!;
                if (((RedisResult[])parts[1]!).Any(field => wanted.Any(one => ((byte[])field!).AsSpan().IndexOf(one) >= 0)))
                    removed += (long)await database.ExecuteAsync("XDEL", letters, (string)parts[0]!).ConfigureAwait(false);
            }

            if (page.Length < AtOnce)
                return removed;
        }
    }

    /// <summary>True once its files were written anew; false where it refuses or takes too long; null where it keeps nothing on disk.</summary>
    public async Task<bool?> RewriteAsync(CancellationToken cancellation)
    {
        var configuration = options.Value.ToConfiguration("delivery-erasure");
        configuration.AllowAdmin = true;
        bool? done = null;
        foreach (var endpoint in redis.GetEndPoints())
        {
            // A connection to this one alone: a command without a key goes to any otherwise.
            configuration.EndPoints.Clear();
            configuration.EndPoints.Add(endpoint);
            using var admin = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
            var (server, node) = (admin.GetServer(endpoint), admin.GetDatabase());
            if (server.IsSlave)
                continue;
            var said = await InfoAsync(server).ConfigureAwait(false);
            if (said.GetValueOrDefault("aof_enabled") == "1")
                done = (done ?? true) && await RunAsync(server, node, "BGREWRITEAOF", "aof_rewrite_in_progress", "aof_last_bgrewrite_status", cancellation).ConfigureAwait(false);
            else if (await server.ConfigGetAsync("save").ConfigureAwait(false) is [{ Value.Length: > 0 }])
                done = (done ?? true) && await RunAsync(server, node, "BGSAVE", "rdb_bgsave_in_progress", "rdb_last_bgsave_status", cancellation).ConfigureAwait(false);
        }

        return done;
    }

    private async Task<bool> RunAsync(IServer server, IDatabase node, string command, string running, string status, CancellationToken cancellation)
    {
        try
        {
            var began = time.GetTimestamp();
            await QuietAsync(server, running, began, cancellation).ConfigureAwait(false);
            await node.ExecuteAsync(command).ConfigureAwait(false);
            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
            return await QuietAsync(server, running, began, cancellation).ConfigureAwait(false)
                && (await InfoAsync(server).ConfigureAwait(false)).GetValueOrDefault(status) == "ok";
        }
        catch (RedisServerException)
        {
            return false;
        }
    }

    /// <summary>A rewrite that began before may hold what was there before.</summary>
    private async Task<bool> QuietAsync(IServer server, string running, long began, CancellationToken cancellation)
    {
        while ((await InfoAsync(server).ConfigureAwait(false)) is var said && (said.GetValueOrDefault(running) == "1" || said.GetValueOrDefault("aof_rewrite_scheduled") == "1"))
        {
            if (time.GetElapsedTime(began) > LongestRewrite)
                return false;
            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    private static async Task<Dictionary<string, string>> InfoAsync(IServer server) =>
        (await server.InfoAsync("persistence").ConfigureAwait(false)).SelectMany(section => section).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static async Task<string?> LastAsync(IDatabase database, RedisKey entries) =>
        (RedisResult[])(await database.ExecuteAsync("XREVRANGE", entries, "+", "-", "COUNT", 1).ConfigureAwait(false))! is [var last]
            ? (string)((RedisResult[])last!)[0]!
            : null;

    private static byte[] Subject(uint account, ulong job, uint recipient)
    {
        var bytes = new byte[4 + 8 + 4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, account);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(4), job);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), recipient);
        return bytes;
    }
}
