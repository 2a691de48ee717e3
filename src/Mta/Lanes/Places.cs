namespace Delivery.Mta.Lanes;

/// <summary>A number of places, taken many at a time or not at all. Thread-safe; one waits at a time.</summary>
internal sealed class Places(int capacity)
{
    private readonly Lock _lock = new();
    private int _free = capacity;
    private int _wanted;
    private Signal? _signal;

    public int Capacity { get; } = capacity;

    public int Count
    {
        get
        {
            lock (_lock)
                return Capacity - _free;
        }
    }

    /// <summary>False, and none is taken, where fewer are free; <paramref name="signal"/> is raised once so many are.</summary>
    public bool TryTake(int places, Signal signal)
    {
        lock (_lock)
        {
            if (_free < places)
            {
                _wanted = places;
                _signal = signal;
                return false;
            }

            _free -= places;
            return true;
        }
    }

    public void Return(int places)
    {
        lock (_lock)
        {
            _free += places;
            if (_wanted == 0 || _free < _wanted)
                return;
            _wanted = 0;
            _signal!.Raise();
        }
    }
}
