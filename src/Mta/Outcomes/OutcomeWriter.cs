using System.Threading.Channels;
using Delivery.Contracts.Streams;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
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
    private readonly DueSuppressions _suppressions;
    private readonly InFlight _inFlight;
    private readonly TimeProvider _time;
    private readonly ILogger<OutcomeWriter> _log;
    private readonly JobTable _jobs;
    private readonly OutcomePacker _packer;
    private readonly MtaMetrics _metrics;
    private readonly AttemptLog _attempts;

    public OutcomeWriter(
        SpoolWriter spool, DueSuppressions suppressions, InFlight inFlight, JobTable jobs, IOptions<RedisOptions> redis, MtaMetrics metrics, AttemptLog attempts,
        TimeProvider time, ILogger<OutcomeWriter> log)
    {
        _metrics = metrics;
        _attempts = attempts;
        _spool = spool;
        _suppressions = suppressions;
        _inFlight = inFlight;
        _time = time;
        _log = log;
        _jobs = jobs;
        _packer = new OutcomePacker(redis.Value.Shards);
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
            Land(batch);
            _metrics.Ended(batch);
            _attempts.Write(batch);
            batch.Clear();
        }
    }

    /// <summary>Tries until it is on disk: the messages are out, and forgetting that would send them twice.</summary>
    private async Task WriteAsync(List<AttemptOutcome> batch, CancellationToken abandon)
    {
        var events = _packer.Pack(batch);
        while (true)
        {
            try
            {
                await _spool.CommitAsync(new RecordOutcomes(batch, events, _time.GetUtcNow().ToUnixTimeMilliseconds()), abandon).ConfigureAwait(false);
                _suppressions.Committed(batch);
                return;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                Log.OutcomesNotWritten(_log, batch.Count, e);
                await Task.Delay(FaultPause, _time, abandon).ConfigureAwait(false);
            }
        }
    }

    /// <summary>They are on disk: their jobs hear of it, and their places are free.</summary>
    private void Land(List<AttemptOutcome> batch)
    {
        var urgent = 0;
        foreach (var outcome in batch)
        {
            outcome.Recipient.HasOutcome = true;
            _jobs.Landed(outcome);
            if (outcome.Recipient.Live is { Transactional: true })
                urgent++;
        }

        _inFlight.Urgent.Return(urgent);
        _inFlight.Bulk.Return(batch.Count - urgent);
    }
}
