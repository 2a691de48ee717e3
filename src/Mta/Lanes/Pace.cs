namespace Delivery.Mta.Lanes;

/// <summary>
/// A rate: lets so many messages go a second on average, a slice of 50 ms at a time. Who came late catches up, but never by more than 100 ms' worth at once,
/// nor by more than one second's worth in all. Thread-safe.
/// </summary>
internal sealed class Pace
{
    /// <summary>Least time between two slices.</summary>
    public const int SliceMs = 50;

    private const double MostAtOnceSeconds = 0.1;
    private const double MostDebtSeconds = 1;

    /// <summary>What sums of fractions may be short of a whole message.</summary>
    private const double Rounding = 1e-6;

    /// <summary>However slow a rate is, it is looked at again after this: a wait of its own length may be none that a clock has.</summary>
    private const double LongestLookSeconds = 3_600;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _slice;
    private readonly double _mostAtOnce;
    private double _due;
    private long _countedAt;
    private long _sliceAt;
    private double _inSlice;

    public Pace(double perSecond, TimeProvider time)
    {
        PerSecond = perSecond;
        _time = time;
        _slice = Math.Max(1, perSecond * SliceMs / 1000);
        _mostAtOnce = Math.Max(1, perSecond * MostAtOnceSeconds);
        _due = 1;
        _countedAt = _sliceAt = time.GetTimestamp();
    }

    public double PerSecond { get; }

    /// <summary>How many of up to <paramref name="wanted"/> may go now.</summary>
    public int Available(int wanted)
    {
        lock (_lock)
        {
            Count();
            return (int)Math.Clamp(Math.Min(_due, _mostAtOnce - _inSlice) + Rounding, 0, wanted);
        }
    }

    /// <summary>So many went, allowed or not.</summary>
    public void Charge(int messages)
    {
        lock (_lock)
        {
            Count();
            _due -= messages;
            _inSlice += messages;
        }
    }

    /// <summary>How long until a slice may go; zero for now.</summary>
    public TimeSpan NextSlice()
    {
        lock (_lock)
        {
            Count();
            var lacks = _slice - _due;
            var room = _mostAtOnce - _inSlice >= 1 - Rounding ? TimeSpan.Zero : TimeSpan.FromMilliseconds(SliceMs) - _time.GetElapsedTime(_sliceAt);
            var wait = lacks <= Rounding ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(lacks / PerSecond, LongestLookSeconds)) + TimeSpan.FromTicks(1);
            return room > wait ? room : wait;
        }
    }

    private void Count()
    {
        var now = _time.GetTimestamp();
        _due = Math.Min(_due + _time.GetElapsedTime(_countedAt, now).TotalSeconds * PerSecond, Math.Max(1, PerSecond * MostDebtSeconds));
        _countedAt = now;
        if (_time.GetElapsedTime(_sliceAt, now).TotalMilliseconds < SliceMs)
            return;
        _sliceAt = now;
        _inSlice = 0;
    }
}
