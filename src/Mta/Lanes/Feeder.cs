using System.Diagnostics;
using Delivery.Mta.Caps;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;
using StackExchange.Redis;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Claims recipients of one class in the spool and hands them to its composers: the jobs in turn, of each those whose next attempt is due first.
/// While the mirror of the suppressions is too old bulk mail waits, and transactional mail goes by the last copy known.
/// </summary>
internal sealed class Feeder(
    bool urgent, SpoolReader reader, SpoolWriter writer, JobTable jobs, InFlight inFlight, SendLanes lanes, JobEndings endings, SuppressionMirror suppressions,
    FrequencyCap cap, DepartureRules rules, OutcomeWriter outcomes, BusyTimes busy, TimeProvider time, ILogger<Feeder> log)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly JobQueue _queue = jobs.Of(urgent);
    private readonly Places _places = inFlight.Of(urgent);
    private readonly Lane<SpooledRecipient> _claimed = lanes.Claimed(urgent);
    private readonly int _chunk = Math.Clamp(inFlight.Of(urgent).Capacity / 4, 1, 256);
    private readonly List<ClaimedTurn> _turns = [];

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _queue.Ended = endings.Add;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var now = NowMs;
                var wake = _queue.Update(now);
                if (!await FeedAsync(now).ConfigureAwait(false))
                    await _queue.Changed.WaitAsync(Wait(wake), time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                Log.ClaimFailed(log, e);
                await Task.Delay(FaultPause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan Wait(long wakeMs)
    {
        var wait = wakeMs == long.MaxValue ? IdleWait : TimeSpan.FromMilliseconds(wakeMs - NowMs);
        return wait > IdleWait ? IdleWait : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Claims up to a chunk, of as many jobs as it takes, in one commit. False where nothing is to be sent now.</summary>
    private async Task<bool> FeedAsync(long now)
    {
        if (!suppressions.MaySend(transactional: urgent))
            return false;
        var taken = 0;
        try
        {
            while (taken < _chunk && _queue.TryPeek(now, out var job))
            {
                var quota = job.Quota(Math.Min(_chunk - taken, job.Wanted(now)));
                if (quota <= 0)
                {
                    _queue.Return(_queue.Take(), now);
                    continue;
                }

                if (!_places.TryTake(quota, _queue.Changed))
                    break;
                var turn = new ClaimedTurn(_queue.Take(), quota);
                _turns.Add(turn);
                await TakeAsync(turn, now).ConfigureAwait(false);
                _places.Return(turn.Held - turn.Recipients.Count);
                turn.Held = turn.Recipients.Count;
                taken += turn.Held;
            }

            if (_turns.Count == 0)
                return false;
            await HandOverAsync().ConfigureAwait(false);
            return true;
        }
        finally
        {
            foreach (var turn in _turns)
            {
                if (!turn.IsDone)
                {
                    _places.Return(turn.Held);
                    turn.Job.DueAt(0);
                }

                _queue.Return(turn.Job, now);
            }

            _turns.Clear();
        }
    }

    /// <summary>Reads those whose attempt is due, or where there are none the next of the job.</summary>
    private async Task TakeAsync(ClaimedTurn turn, long now)
    {
        var job = turn.Job;
        var started = Stopwatch.GetTimestamp();
        if (job.NextDueMs <= now)
        {
            job.LookForDue();
            turn.Recipients = reader.Due(job.Id, now, turn.Quota);
            job.DueAt(turn.Recipients.Count == turn.Quota ? now : reader.NextDueMs(job.Id, now));
        }

        if (turn.Recipients.Count == 0 && job.Next < job.End)
        {
            turn.End = Math.Min(job.Next + (uint)turn.Quota, job.End);
            turn.Recipients = reader.Recipients(job.Id, job.Next, turn.End);
        }

        busy.Add(BusyTimes.Part.Claim, started);
        if (cap.Governs(job))
            await CountAsync(turn, now).ConfigureAwait(false);
    }

    /// <summary>
    /// Counts those that go out for the first time, also where a crash came between their claim and their outcome. Where Redis does not count,
    /// the job's bulk mail waits, and transactional mail goes uncounted.
    /// </summary>
    private async Task CountAsync(ClaimedTurn turn, long now)
    {
        var first = turn.End > 0 ? turn.Recipients : turn.Recipients.FindAll(one => one is { State: RecipientState.Pending, Attempts: 0 });
        if (first.Count == 0)
            return;
        try
        {
            var over = await cap.CountAsync(turn.Job, first, now).ConfigureAwait(false);
            for (var i = 0; i < first.Count; i++)
            {
                if (over[i])
                    (turn.Capped ??= []).Add(first[i].Ordinal);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Log.CapFailed(log, e.GetType().Name, e.Message);
            if (urgent)
                return;
            if (turn.End == 0)
                turn.Job.DueAt(now);
            (turn.End, turn.Recipients) = (0, []);
            turn.Job.RestUntilMs = now + (long)FaultPause.TotalMilliseconds;
        }
    }

    /// <summary>
    /// Everything that can fail comes before the claim is on disk; from there to the composers nothing does,
    /// or a recipient would stay claimed without anybody having it.
    /// </summary>
    private async Task HandOverAsync()
    {
        var claims = new List<SpoolWrite>(_turns.Count);
        foreach (var turn in _turns)
        {
            if (turn.End > 0)
                claims.Add(new ClaimChunk(turn.Job.Id, turn.Job.Next, turn.End, turn.Job.Settled()));
            else if (turn.Recipients.Count > 0)
                claims.Add(turn.Retries = new ClaimRetries(turn.Recipients));
        }

        if (claims.Count > 0)
            await writer.CommitAsync(claims.Count == 1 ? claims[0] : new WrittenTogether(claims), CancellationToken.None).ConfigureAwait(false);
        foreach (var turn in _turns)
        {
            turn.IsDone = true;
            if (turn.Retries is { Gone: { Count: > 0 } gone })
                _places.Return(turn.Recipients.RemoveAll(one => gone.Contains(one.Ordinal)));
            inFlight.Claimed(turn.Recipients);
            var chunk = turn.End > 0 ? turn.Job.Claimed(turn.End, turn.Recipients.Count) : null;
            turn.Job.Charge(turn.Recipients.Count);
            for (var i = 0; i < turn.Recipients.Count; i++)
            {
                var recipient = turn.Recipients[i];
                recipient.Live = turn.Job;
                recipient.Chunk = chunk;
                if (turn.Capped?.Contains(recipient.Ordinal) == true)
                    outcomes.Add(rules.Capped(recipient));
                else if (!_claimed.TryWrite(recipient, urgent: false))
                    throw new InvalidOperationException("More recipients than places in flight.");
            }
        }
    }
}
