namespace Delivery.Contracts.Telemetry;

/// <summary>One metric under one set of labels. Thread-safe, without locks.</summary>
/// <param name="labels">As on the page, without braces: <c>name="value",…</c>; empty for none.</param>
/// <param name="bounds">Upper bounds of a histogram's buckets, rising; empty for what is no histogram.</param>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private long _value;

    public string Labels => labels;

    /// <summary>The value; for a histogram the sum.</summary>
    public double Value => BitConverter.Int64BitsToDouble(Volatile.Read(ref _value));

    /// <summary>The reading that set the value last: an observed series that is not seen again leaves the page.</summary>
    public long Reading { get; private set; }

    public void Add(double value)
    {
        long was;
        do
            was = Volatile.Read(ref _value);
        while (Interlocked.CompareExchange(ref _value, BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(was) + value), was) != was);
    }

    public void Set(double value, long reading)
    {
        Volatile.Write(ref _value, BitConverter.DoubleToInt64Bits(value));
        Reading = reading;
    }

    /// <summary>Counts a value into the first bucket whose bound it does not exceed. What is not a number is not counted.</summary>
    public void Record(double value)
    {
        if (double.IsNaN(value))
            return;
        var at = 0;
        while (at < bounds.Length && value > bounds[at])
            at++;
        Interlocked.Increment(ref _buckets[at]);
        Add(value);
    }

    /// <summary>How many values were in each bucket alone, the last one without bound.</summary>
    public long[] Buckets()
    {
        var counts = new long[_buckets.Length];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = Interlocked.Read(ref _buckets[i]);
        return counts;
    }
}
