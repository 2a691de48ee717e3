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

    /// <summary>Each job is added once: a second time would send it twice.</summary>
    public void Add(UnclaimedJob job)
    {
        _added.Enqueue(job);
        Changed.Raise();
    }

    /// <summary>The chunk of at most <paramref name="limit"/> recipients whose turn it is. It stays first until <see cref="Advance"/>.</summary>
    /// <param name="bulk">False where only transactional jobs may have their turn.</param>
    public bool TryPeek(uint limit, bool bulk, out UnclaimedJob chunk)
    {
        while (_added.TryDequeue(out var added))
            _turns.Enqueue(added);
        for (var passed = 0; !bulk && passed < _turns.Count && !_turns.Peek().Transactional; passed++)
            _turns.Enqueue(_turns.Dequeue());
        if (!bulk && _turns.TryPeek(out chunk) && !chunk.Transactional)
            return false;
        if (!_turns.TryPeek(out chunk))
            return false;
        chunk = chunk with { End = Math.Min(chunk.End, chunk.Next + limit) };
        return true;
    }

    /// <summary>The chunk that was peeked is claimed: its job goes to the end of the line with what is left of it.</summary>
    public void Advance(UnclaimedJob chunk)
    {
        var job = _turns.Dequeue();
        if (chunk.End < job.End)
            _turns.Enqueue(job with { Next = chunk.End });
    }
}

/// <summary>Recipients of a job from <paramref name="Next"/> to before <paramref name="End"/>.</summary>
internal readonly record struct UnclaimedJob(ulong Job, uint Next, uint End, bool Transactional = false);
