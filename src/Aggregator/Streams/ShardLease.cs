namespace Delivery.Aggregator.Streams;

/// <summary>The right to a shard for a time. Counts from when the grant was asked for, so it ends here no later than in Redis. Thread-safe.</summary>
/// <param name="stamp">Fencing epoch and owner, compared by every script.</param>
internal sealed class ShardLease(string stamp, long asked, TimeSpan length, TimeProvider time)
{
    private long _asked = asked;

    public string Stamp { get; } = stamp;

    public bool IsHeld => time.GetElapsedTime(Volatile.Read(ref _asked)) < length;

    public void Renewed(long asked) => Volatile.Write(ref _asked, asked);

    /// <exception cref="LeaseLostException">It has run out.</exception>
    public void Demand()
    {
        if (!IsHeld)
            throw new LeaseLostException("The lease ran out before it was renewed.");
    }
}
