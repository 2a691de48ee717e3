using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Admission;

/// <summary>How many recordings wait for Redis or the disk, of all shards together, and how many may. Thread-safe.</summary>
internal sealed class InFlight(IOptions<TrackerOptions> options)
{
    private readonly int _most = options.Value.MaxInFlight;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place. False, and none is taken, where all are: unless <paramref name="always"/>.</summary>
    public bool TryEnter(bool always)
    {
        if (Interlocked.Increment(ref _count) <= _most || always)
            return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    public void Leave(int places) => Interlocked.Add(ref _count, -places);
}
