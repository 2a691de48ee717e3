using System.Threading.Channels;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Outcomes;

/// <summary>
/// Writes outcomes and their events to the spool, as many at a time as wait. <see cref="Add"/> never blocks:
/// the channel holds all that can be in flight. Thread-safe.
/// </summary>
internal sealed class OutcomeWriter
{
    private const int MaxBatch = 512;
    private const int FullBatch = 256;

    /// <summary>Least time between two commits, unless a full batch waits: an fsync and a rewritten page serve many outcomes then. The first one after a pause does not wait.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly Channel<AttemptOutcome> _outcomes;
    private readonly SpoolWriter _spool;
    private readonly InFlight _inFlight;
    private readonly TimeProvider _time;
    private readonly ILogger<OutcomeWriter> _log;
    private readonly int _shards;
    private readonly EntryWriter[] _entries;

    public OutcomeWriter(SpoolWriter spool, InFlight inFlight, IOptions<RedisOptions> redis, TimeProvider time, ILogger<OutcomeWriter> log)
    {
        _spool = spool;
        _inFlight = inFlight;
        _time = time;
        _log = log;
        _shards = redis.Value.Shards;
        _entries = new EntryWriter[_shards];
        for (var i = 0; i < _shards; i++)
            _entries[i] = new EntryWriter();
        _outcomes = Channel.CreateBounded<AttemptOutcome>(new BoundedChannelOptions(inFlight.Capacity) { SingleReader = true });
    }

    /// <summary>Takes the outcome of one claimed recipient; its place in flight is given back when it is on disk.</summary>
    public void Add(AttemptOutcome outcome)
    {
        if (!_outcomes.Writer.TryWrite(outcome))
            throw new InvalidOperationException("More outcomes than recipients in flight.");
    }

    /// <summary>No more outcomes come: <see cref="RunAsync"/> writes what waits and returns.</summary>
    public void Complete() => _outcomes.Writer.TryComplete();

    public async Task RunAsync(CancellationToken abandon)
    {
        var batch = new List<AttemptOutcome>(MaxBatch);
        var last = 0L;
        while (await _outcomes.Reader.WaitToReadAsync(abandon).ConfigureAwait(false))
        {
            if (last != 0 && Gather - _time.GetElapsedTime(last) is var pause && pause > TimeSpan.Zero && _outcomes.Reader.Count < FullBatch)
                await Task.Delay(pause, _time, abandon).ConfigureAwait(false);
            last = _time.GetTimestamp();
            while (batch.Count < MaxBatch && _outcomes.Reader.TryRead(out var outcome))
                batch.Add(outcome);
            await WriteAsync(batch, abandon).ConfigureAwait(false);
            _inFlight.Return(batch.Count);
            batch.Clear();
        }
    }

    /// <summary>Tries until it is on disk: the messages are out, and forgetting that would send them twice.</summary>
    private async Task WriteAsync(List<AttemptOutcome> batch, CancellationToken abandon)
    {
        var events = Pack(batch);
        while (true)
        {
            try
            {
                await _spool.CommitAsync(new RecordOutcomes(batch, events, _time.GetUtcNow().ToUnixTimeMilliseconds()), abandon).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                Log.OutcomesNotWritten(_log, batch.Count, e);
                await Task.Delay(FaultPause, _time, abandon).ConfigureAwait(false);
            }
        }
    }

    private List<OutboxEntry> Pack(List<AttemptOutcome> batch)
    {
        foreach (var outcome in batch)
        {
            if (outcome.Event is { } e)
                _entries[StreamNames.ShardOf(e.Job, _shards)].Add(e);
        }

        var packed = new List<OutboxEntry>(1);
        for (var shard = 0; shard < _shards; shard++)
        {
            var entry = _entries[shard];
            if (entry.Count == 0)
                continue;
            packed.Add(new OutboxEntry(shard, entry.Count, entry.Written.ToArray()));
            entry.Clear();
        }

        return packed;
    }
}
