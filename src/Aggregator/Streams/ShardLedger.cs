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
    private readonly RedisKey _committed = FeedKeys.Committed(names);
    private readonly RedisKey _late = FeedKeys.Late(names);

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

    /// <summary>Gives producers that have no mark of what is committed the one that ClickHouse has. Before the first batch, after what was left is complete.</summary>
    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    public async Task SeedMarksAsync(ShardLease lease, ProducerMarks marks)
    {
        var arguments = new List<RedisValue> { lease.Stamp };
        foreach (var (producer, number) in marks.All)
        {
            arguments.Add(Text(producer));
            arguments.Add(Text(number));
        }

        if ((int)await RunAsync(ShardScripts.SeedMarks, [_lease, _committed], [.. arguments]).ConfigureAwait(false) != 1)
            throw new LeaseLostException("The lease ended before the marks were written.");
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
        AddFeed(arguments, batch.Highest, batch.IsSuspect ? EventSpan.Of(batch.Events) : []);
        AddLetters(arguments, batch.DeadLetters);
        var reply = (int)await RunAsync(
            ShardScripts.Commit, [_lease, _manifest, _cursor, names.Entries, names.Dead, _committed, _late], [.. arguments]).ConfigureAwait(false);
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
    /// <param name="events">Numbers of the events that it brought, or found there.</param>
    public async Task CommitReplayAsync(ShardLease lease, Replay replay, IReadOnlyCollection<EventSpan> events, IReadOnlyCollection<DeadLetter> left)
    {
        var arguments = new List<RedisValue>(3 + replay.Ids.Count + (LetterFields * left.Count))
        {
            lease.Stamp, options.DeadLettersKept, replay.Ids.Count,
        };
        foreach (var id in replay.Ids)
            arguments.Add(id);
        var marks = new ProducerMarks();
        foreach (var span in events)
            marks.TryAdvance(span.Producer, span.Last);
        AddFeed(arguments, marks.All, events);
        AddLetters(arguments, left);
        var reply = (int)await RunAsync(ShardScripts.CommitReplay, [_lease, names.Replay, names.Dead, _cursor, _committed, _late], [.. arguments]).ConfigureAwait(false);
        if (reply == 0)
            throw new LeaseLostException("The lease ended before a replay was committed.");
    }

    private static void AddFeed(List<RedisValue> arguments, IReadOnlyCollection<KeyValuePair<ulong, ulong>> marks, IReadOnlyCollection<EventSpan> spans)
    {
        arguments.Add(marks.Count);
        arguments.Add(spans.Count);
        foreach (var span in spans)
        {
            arguments.Add(Text(span.Producer));
            arguments.Add(Text(span.First));
            arguments.Add(Text(span.Last));
        }

        foreach (var (producer, number) in marks)
        {
            arguments.Add(Text(producer));
            arguments.Add(Text(number));
        }
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

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
