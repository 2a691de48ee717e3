using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Delivery.Mta.Lanes;

/// <summary>
/// The jobs of one class, taken in turn a chunk at a time, so that a small job does not wait behind a large one; those that cannot go yet wait for their time.
/// <see cref="Poke"/> from any thread, the rest from the feeder alone.
/// </summary>
internal sealed class JobQueue
{
    /// <summary>Jobs that wait for a rate come in steps of this, so that those who waited longer go first in each.</summary>
    private const int StepMs = 10;

    private const int LeastExpiring = 1_024;

    private readonly ConcurrentQueue<LiveJob> _poked = new();
    private readonly Queue<LiveJob> _line = new();
    private readonly PriorityQueue<LiveJob, (long WakeMs, long LastTurn)> _waiting = new();
    private readonly PriorityQueue<LiveJob, long> _expiring = new();
    private int _mostExpiring = LeastExpiring;
    private long _turns;

    /// <summary>Raised when there may be something new to do.</summary>
    public Signal Changed { get; } = new();

    /// <summary>Called by <see cref="Update"/> with each job that ends, again whenever it was poked since: it is the receiver's from then on.</summary>
    public Action<LiveJob>? Ended { get; set; }

    /// <summary>The job is new, or something about it has changed.</summary>
    public void Poke(LiveJob job)
    {
        if (!job.Poke())
            return;
        _poked.Enqueue(job);
        Changed.Raise();
    }

    /// <summary>Puts each job where it belongs now. Returns when the next one's time comes, <see cref="long.MaxValue"/> for never.</summary>
    public long Update(long nowMs)
    {
        while (_poked.TryDequeue(out var job))
        {
            job.Unpoke();
            if (job.Place == JobPlace.New && job.ExpiresMs != long.MaxValue)
                Watch(job);
            if (job.Place == JobPlace.Ending)
                Ended?.Invoke(job);
            else if (job.Place is not JobPlace.Taken && (job.Place != JobPlace.InLine || job.IsEnding(nowMs)))
                Settle(job, nowMs);
        }

        while (_expiring.TryPeek(out var job, out var expires) && expires <= nowMs)
        {
            _expiring.Dequeue();
            if (job.Place is not (JobPlace.Taken or JobPlace.Ending) && job.Open > 0)
                Settle(job, nowMs);
        }

        while (_waiting.TryPeek(out var job, out var entry))
        {
            var isStale = job.Place != JobPlace.Waiting || job.WakeMs != entry.WakeMs;
            if (!isStale && entry.WakeMs > nowMs)
                return entry.WakeMs;
            _waiting.Dequeue();
            if (!isStale)
                Settle(job, nowMs);
        }

        return long.MaxValue;
    }

    /// <summary>The job whose turn it is. It stays first until it is taken.</summary>
    public bool TryPeek(long nowMs, [NotNullWhen(true)] out LiveJob? job)
    {
        while (_line.TryPeek(out job))
        {
            if (job.Place == JobPlace.InLine && !job.IsEnding(nowMs) && job.ReadyAt(nowMs) <= nowMs)
                return true;
            _line.Dequeue();
            if (job.Place == JobPlace.InLine)
                Settle(job, nowMs);
        }

        return false;
    }

    /// <summary>Takes the job that was peeked; it comes back by <see cref="Return"/>.</summary>
    public LiveJob Take()
    {
        var job = _line.Dequeue();
        job.Place = JobPlace.Taken;
        job.LastTurn = ++_turns;
        return job;
    }

    /// <summary>The job has had its turn.</summary>
    public void Return(LiveJob job, long nowMs) => Settle(job, nowMs);

    /// <summary>Remembers when the job expires, and forgets those that are finished before they are many.</summary>
    private void Watch(LiveJob job)
    {
        if (_expiring.Count >= _mostExpiring)
        {
            var running = _expiring.UnorderedItems.Where(entry => entry.Element.Open > 0).ToList();
            _expiring.Clear();
            _expiring.EnqueueRange(running);
            _mostExpiring = Math.Max(LeastExpiring, 2 * running.Count);
        }

        _expiring.Enqueue(job, job.ExpiresMs);
    }

    private void Settle(LiveJob job, long nowMs)
    {
        if (job.IsEnding(nowMs))
        {
            job.Place = JobPlace.Ending;
            Ended?.Invoke(job);
            return;
        }

        var ready = job.ReadyAt(nowMs);
        if (ready <= nowMs)
        {
            job.Place = JobPlace.InLine;
            _line.Enqueue(job);
            return;
        }

        if (ready == long.MaxValue)
        {
            job.Place = JobPlace.Resting;
            return;
        }

        var wake = (ready + StepMs - 1) / StepMs * StepMs;
        if (job.Place == JobPlace.Waiting && job.WakeMs == wake)
            return;
        job.Place = JobPlace.Waiting;
        job.WakeMs = wake;
        _waiting.Enqueue(job, (wake, job.LastTurn));
    }
}
