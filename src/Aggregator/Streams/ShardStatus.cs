namespace Delivery.Aggregator.Streams;

/// <summary>How a shard fares here. Thread-safe; says only when something changed.</summary>
internal sealed class ShardStatus
{
    private volatile bool _failing;

    /// <summary>True while this program has the shard and moves its events.</summary>
    public bool IsOwner { get; private set; }

    /// <summary>Batches committed since the start.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    private long _commits;

    public event Action? Recovered;

    public void Consuming()
    {
        IsOwner = true;
        if (!_failing)
            return;
        _failing = false;
        Recovered?.Invoke();
    }

    public void Committed() => Interlocked.Increment(ref _commits);

    public void Left() => IsOwner = false;

    /// <summary>True for the first failure after it went well.</summary>
    public bool Failed()
    {
        IsOwner = false;
        var first = !_failing;
        _failing = true;
        return first;
    }
}
