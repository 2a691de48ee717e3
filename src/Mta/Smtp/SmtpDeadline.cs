namespace Delivery.Mta.Smtp;

/// <summary>
/// One connection's clock: the earliest of the running stage's deadline, the transaction's and the one after a
/// stop cancels <see cref="Token"/>, for good. The wait for a message has a clock of its own, <see cref="IdleToken"/>: a message that came as
/// the wait was ended goes out like any other, where a cancelled transaction would leave it uncertain. One timer each serves the
/// connection's whole life. All but <see cref="Stop"/> belong to the connection's own path.
/// </summary>
internal sealed class SmtpDeadline : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenSource _idle;
    private long _transactionEnd = long.MaxValue;
    private long _stopEnd = long.MaxValue;
    private bool _opening = true;

    public SmtpDeadline(TimeProvider time)
    {
        _time = time;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Token = _source.Token;
        IdleToken = _idle.Token;
    }

    public CancellationToken Token { get; }

    /// <summary>For waits between transactions; once it is cancelled the connection is to end.</summary>
    public CancellationToken IdleToken { get; }

    public bool IsStopping { get; private set; }

    /// <summary>No further message is to begin: a stop came, or a stage took too long.</summary>
    public bool IsEnding => IsStopping || _source.IsCancellationRequested;

    /// <summary>Begins a stage that may last for the given time.</summary>
    public void Arm(TimeSpan stage)
    {
        lock (_gate)
        {
            var end = _opening && IsStopping ? 0 : Math.Min(_transactionEnd, _stopEnd);
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
            _transactionEnd = After(total);
        }
    }

    /// <summary>The connection is greeted: a stop lets what began finish from now on. To be called before the first message is taken.</summary>
    public void EndOpening()
    {
        lock (_gate)
            _opening = false;
    }

    /// <summary>Begins a wait for a message, which a stop ends at once.</summary>
    public void EnterIdle(TimeSpan idle)
    {
        lock (_gate)
        {
            _transactionEnd = long.MaxValue;
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
            _idle.CancelAfter(IsStopping ? TimeSpan.Zero : idle);
        }
    }

    /// <summary>A message came.</summary>
    public void LeaveIdle()
    {
        lock (_gate)
            _idle.CancelAfter(IsStopping ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends an opening and a wait for a message now, and whatever else is running after the bound. Thread-safe.</summary>
    public void Stop(TimeSpan bound)
    {
        lock (_gate)
        {
            if (IsStopping) return;
            IsStopping = true;
            _stopEnd = After(bound);
            _source.CancelAfter(_opening ? TimeSpan.Zero : bound);
            _idle.CancelAfter(TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _idle.Dispose();
    }

    private long After(TimeSpan time) => _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);

    private TimeSpan Until(long end)
    {
        var now = _time.GetTimestamp();
        return end <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, end);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
