using System.Collections.Concurrent;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Jobs with recipients that were never claimed, taken in turn a chunk at a time, so that a small job does not wait behind a large one.
/// <see cref="Add"/> from any thread, the rest from the feeder alone.
/// </summary>
internal sealed class JobQueue
{
    private readonly ConcurrentQueue<UnclaimedJob> _added = new();
    private readonly Queue<UnclaimedJob> _turns = new();

    /// <summary>Raised when there is something new to do.</summary>
    public Signal Changed { get; } = new();

    public void Add(UnclaimedJob job)
    {
        _added.Enqueue(job);
        Changed.Raise();
    }

    /// <summary>The next chunk of at most <paramref name="limit"/> recipients; the job goes to the end of the line with what is left of it.</summary>
    public bool TryTake(uint limit, out UnclaimedJob chunk)
    {
        while (_added.TryDequeue(out var added))
            _turns.Enqueue(added);
        if (!_turns.TryDequeue(out var job))
        {
            chunk = default;
            return false;
        }

        var end = Math.Min(job.End, job.Next + limit);
        chunk = job with { End = end };
        if (end < job.End)
            _turns.Enqueue(job with { Next = end });
        return true;
    }

    /// <summary>Puts a chunk back that could not be claimed.</summary>
    public void PutBack(UnclaimedJob chunk) => _added.Enqueue(chunk);
}

/// <summary>Recipients of a job from <paramref name="Next"/> to before <paramref name="End"/>.</summary>
internal readonly record struct UnclaimedJob(ulong Job, uint Next, uint End);
