namespace Delivery.Aggregator.Streams;

/// <summary>How a shard fares here. Thread-safe; says only when something changed.</summary>
internal sealed class ShardStatus
{
    private volatile bool _failing;
    private long _commits;

    /// <summary>Batches committed since the start.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>It goes well again after a failure.</summary>
    public event Action? Recovered;

    public void Consuming()
    {
        if (!_failing)
            return;
        _failing = false;
        Recovered?.Invoke();
    }

    public void Committed() => Interlocked.Increment(ref _commits);

    /// <summary>True for the first failure after it went well.</summary>
    public bool Failed()
    {
        var first = !_failing;
        _failing = true;
        return first;
    }
}
