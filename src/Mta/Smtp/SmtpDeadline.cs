namespace Delivery.Mta.Smtp;

/// <summary>
/// One connection's clock: the earliest of the running stage's deadline, the transaction's and the one after a
/// stop cancels <see cref="Token"/>, for good. One timer serves the connection's whole life. All but
/// <see cref="Stop"/> belong to the connection's own path.
/// </summary>
internal sealed class SmtpDeadline : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private long _transactionEnd = long.MaxValue;
    private long _stopEnd = long.MaxValue;
    private bool _interruptible = true;

    public SmtpDeadline(TimeProvider time)
    {
        _time = time;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Token = _source.Token;
    }

    public CancellationToken Token { get; }

    public bool IsStopping { get; private set; }

    /// <summary>Begins a stage that may last for the given time.</summary>
    public void Arm(TimeSpan stage)
    {
        lock (_gate)
        {
            var end = _interruptible && IsStopping ? 0 : Math.Min(_transactionEnd, _stopEnd);
            _source.CancelAfter(end == long.MaxValue ? stage : Least(stage, Until(end)));
        }
    }

    /// <summary>Ends a stage that no other follows at once.</summary>
    public void Rest() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>From now on stages end with the transaction at the latest, and a stop leaves them their bound.</summary>
    public void StartTransaction(TimeSpan total)
    {
        lock (_gate)
        {
            _interruptible = false;
            _transactionEnd = After(total);
        }
    }

    /// <summary>Begins a wait that a stop ends at once, as it does everything before the first transaction.</summary>
    public void EnterIdle(TimeSpan idle)
    {
        lock (_gate)
        {
            _interruptible = true;
            _transactionEnd = long.MaxValue;
            _source.CancelAfter(IsStopping ? TimeSpan.Zero : idle);
        }
    }

    /// <summary>Ends an interruptible wait now, and whatever else is running after the bound. Thread-safe.</summary>
    public void Stop(TimeSpan bound)
    {
        lock (_gate)
        {
            if (IsStopping) return;
            IsStopping = true;
            _stopEnd = After(bound);
            _source.CancelAfter(_interruptible ? TimeSpan.Zero : bound);
        }
    }

    public void Dispose() => _source.Dispose();

    private long After(TimeSpan time) => _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);

    private TimeSpan Until(long end)
    {
        var now = _time.GetTimestamp();
        return end <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, end);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
