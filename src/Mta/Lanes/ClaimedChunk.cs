namespace Delivery.Mta.Lanes;

/// <summary>Recipients of one job that were claimed together for the first time.</summary>
/// <param name="first">The lowest ordinal of them.</param>
internal sealed class ClaimedChunk(uint first, int count)
{
    private int _left = count;

    public uint First => first;

    /// <summary>All of them have an outcome on disk, or wait for another attempt.</summary>
    public bool IsSettled => Volatile.Read(ref _left) == 0;

    /// <summary>One of them is settled. Thread-safe.</summary>
    public void SettleOne() => Interlocked.Decrement(ref _left);
}
