using System.Collections.Concurrent;
using Delivery.Contracts.Streams;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Ends the recipients of cancelled and expired jobs that are not on their way: some at a time, the jobs in turn, each chunk in one commit with its events,
/// so that others use the spool between, and a restart goes on where the last chunk ended. Those on their way end by what their connection says.
/// </summary>
internal sealed class JobEndings(
    SpoolReader reader, SpoolWriter writer, JobTable jobs, SendLanes lanes, DepartureRules rules, IOptions<RedisOptions> redis, MtaMetrics metrics, TimeProvider time,
    ILogger<JobEndings> log)
{
    /// <summary>Recipients of one commit.</summary>
    public const int Chunk = 1_000;

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<LiveJob> _added = new();
    private readonly Queue<LiveJob> _turns = new();
    private readonly HashSet<LiveJob> _ending = [];
    private readonly Signal _changed = new();
    private readonly OutcomePacker _packer = new(redis.Value.Shards);

    /// <summary>Takes over a job that ends, or tells that there may be more to end of it. Thread-safe.</summary>
    public void Add(LiveJob job)
    {
        _added.Enqueue(job);
        _changed.Raise();
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var recalled = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            while (_added.TryDequeue(out var added))
            {
                if (_ending.Add(added))
                    lanes.Recall(added);
                if (!_turns.Contains(added))
                    _turns.Enqueue(added);
            }

            if (time.GetElapsedTime(recalled) >= IdleWait)
            {
                RecallAgain();
                recalled = time.GetTimestamp();
            }

            try
            {
                if (_turns.Count > 0)
                    await EndAsync().ConfigureAwait(false);
                else
                    await _changed.WaitAsync(IdleWait, time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                Log.EndingFailed(log, e);
                await Task.Delay(FaultPause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>For what was being composed while its job was recalled: it may wait for a connection that does not come.</summary>
    private void RecallAgain()
    {
        _ending.RemoveWhere(job => job.Open == 0);
        foreach (var job in _ending)
            lanes.Recall(job);
    }

    /// <summary>Ends a chunk, of as many jobs as it takes. A job of which nobody is left who is not on the way has no more turns until it is added again.</summary>
    private async Task EndAsync()
    {
        var taken = new List<(LiveJob Job, uint End, int Count)>();
        var writes = new List<SpoolWrite>();
        var outcomes = new List<AttemptOutcome>(Chunk);
        for (var turns = _turns.Count; turns > 0 && outcomes.Count < Chunk; turns--)
        {
            var job = _turns.Peek();
            var end = job.Next;
            var recipients = reader.BareWaiting(job.Id, Chunk - outcomes.Count);
            if (recipients.Count == 0 && job.Next < job.End)
            {
                end = (uint)Math.Min(job.Next + (ulong)(Chunk - outcomes.Count), job.End);
                recipients = reader.BareRecipients(job.Id, job.Next, end);
                writes.Add(new ClaimChunk(job.Id, job.Next, end, job.Settled()));
            }

            _turns.Dequeue();
            if (recipients.Count == 0)
                continue;
            _turns.Enqueue(job);
            taken.Add((job, end, recipients.Count));
            foreach (var recipient in recipients)
                outcomes.Add(rules.End(recipient, job));
        }

        if (outcomes.Count == 0)
            return;
        writes.Add(new RecordOutcomes(outcomes, _packer.Pack(outcomes), time.GetUtcNow().ToUnixTimeMilliseconds()));
        await writer.CommitAsync(new WrittenTogether(writes), CancellationToken.None).ConfigureAwait(false);
        metrics.Ended(outcomes);
        foreach (var (job, end, count) in taken)
        {
            if (end > job.Next)
                job.Claimed(end, onTheirWay: 0);
            jobs.Finish(job, count);
        }
    }
}
