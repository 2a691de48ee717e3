using System.Globalization;
using Delivery.Aggregator.Rollups;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>
/// A shard's lease, manifest and cursor in Redis. A call that fails or times out is unknown, not failed; all may be repeated. Thread-safe.
/// </summary>
internal sealed class ShardLedger(IDatabaseAsync redis, StreamNames names, AggregatorOptions options, TimeProvider time)
{
    private const int LetterFields = 6;
    private readonly RedisKey _lease = names.Key("lease");
    private readonly RedisKey _epoch = names.Key("epoch");
    private readonly RedisKey _manifest = names.Key("manifest");
    private readonly RedisKey _cursor = names.Key("cursor");

    private long LeaseMs => (long)options.LeaseTime.TotalMilliseconds;

    /// <summary>Null where the shard has an owner. Otherwise it is ours, with the manifest that the one before left, if it left one.</summary>
    public async Task<(ShardLease Lease, Manifest? Manifest)?> TryAcquireAsync()
    {
        var asked = time.GetTimestamp();
        var owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
        var reply = (RedisResult[])(await RunAsync(ShardScripts.Acquire, [_lease, _epoch, _manifest], [owner, LeaseMs]).ConfigureAwait(false))!;
        if (reply.Length == 0)
            return null;
        var token = (string)reply[4]!;
        var manifest = token.Length == 0 ? null : new Manifest(
            (string)reply[1]!, (string)reply[2]!, int.Parse((string)reply[3]!, CultureInfo.InvariantCulture), token);
        return (new ShardLease((string)reply[0]!, asked, options.LeaseTime, time), manifest);
    }

    /// <exception cref="LeaseLostException">It is not ours any more.</exception>
    public async Task RenewAsync(ShardLease lease)
    {
        var asked = time.GetTimestamp();
        if ((int)await RunAsync(ShardScripts.Renew, [_lease], [lease.Stamp, LeaseMs]).ConfigureAwait(false) != 1)
            throw new LeaseLostException("Another aggregator has the shard, or Redis came back without the lease.");
        lease.Renewed(asked);
    }

    public Task ReleaseAsync(ShardLease lease) => RunAsync(ShardScripts.Release, [_lease], [lease.Stamp]);

    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    public async Task WriteAsync(ShardLease lease, Manifest manifest)
    {
        RedisValue[] arguments = [lease.Stamp, manifest.First, manifest.Last, manifest.Count, manifest.Token];
        if ((int)await RunAsync(ShardScripts.WriteManifest, [_lease, _manifest], arguments).ConfigureAwait(false) != 1)
            throw new LeaseLostException("The lease ended before a batch was begun.");
    }

    /// <summary>Only after all of the batch is in ClickHouse.</summary>
    /// <exception cref="LeaseLostException">Nothing was written: the manifest stands, or Redis lost it.</exception>
    public async Task<CommitResult> CommitAsync(ShardLease lease, Manifest manifest, EventBatch batch)
    {
        var arguments = new List<RedisValue>(8 + (LetterFields * batch.DeadLetters.Count))
        {
            lease.Stamp, manifest.Token, manifest.First, manifest.Last, StreamId.After(manifest.Last),
            time.GetUtcNow().ToUnixTimeMilliseconds(), batch.Events.Count, options.DeadLettersKept,
        };
        AddLetters(arguments, batch.DeadLetters);
        var reply = (int)await RunAsync(
            ShardScripts.Commit, [_lease, _manifest, _cursor, names.Entries, names.Dead], [.. arguments]).ConfigureAwait(false);
        return reply switch
        {
            1 => CommitResult.Committed,
            2 => CommitResult.StreamChanged,
            3 => throw new LeaseLostException("Redis came back without the manifest of the batch."),
            _ => throw new LeaseLostException("The lease ended before a batch was committed."),
        };
    }

    /// <summary>After all of the events of a replay are in ClickHouse: takes it away, and puts back what is still unreadable. May be repeated.</summary>
    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    public async Task CommitReplayAsync(ShardLease lease, Replay replay, IReadOnlyCollection<DeadLetter> left)
    {
        var arguments = new List<RedisValue>(3 + replay.Ids.Count + (LetterFields * left.Count))
        {
            lease.Stamp, options.DeadLettersKept, replay.Ids.Count,
        };
        foreach (var id in replay.Ids)
            arguments.Add(id);
        AddLetters(arguments, left);
        var reply = (int)await RunAsync(ShardScripts.CommitReplay, [_lease, names.Replay, names.Dead, _cursor], [.. arguments]).ConfigureAwait(false);
        if (reply == 0)
            throw new LeaseLostException("The lease ended before a replay was committed.");
    }

    private static void AddLetters(List<RedisValue> arguments, IEnumerable<DeadLetter> letters)
    {
        foreach (var letter in letters)
        {
            arguments.Add(letter.Reason);
            arguments.Add(letter.Producer);
            arguments.Add(letter.Number);
            arguments.Add(letter.Count);
            arguments.Add(letter.Entry);
            arguments.Add(letter.Raw);
        }
    }

    private async Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments) =>
        await redis.ScriptEvaluateAsync(script, keys, arguments).WaitAsync(options.RedisTimeout).ConfigureAwait(false);
}
