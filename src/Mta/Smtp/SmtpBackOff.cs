namespace Delivery.Mta.Smtp;

/// <summary>
/// When the relay may be tried again: after each failure twice as long, up to a cap, less up to half by chance so
/// that many senders do not come back at once. Thread-safe.
/// </summary>
internal sealed class SmtpBackOff(SmtpOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _failures;
    private long _failedAt;
    private TimeSpan _delay;

    /// <summary>The last try failed, and no message has got through since.</summary>
    public bool IsFailing
    {
        get
        {
            lock (_gate) return _failures > 0;
        }
    }

    /// <summary>The time to wait before the next try; zero or less when it may be made.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate) return _failures == 0 ? TimeSpan.Zero : _delay - time.GetElapsedTime(_failedAt);
        }
    }

    /// <summary>
    /// Notes a failure and returns the pause that follows. Failures of tries that were under way together count
    /// once; <paramref name="first"/> tells the first of a row.
    /// </summary>
    /// <param name="longest">The next try will hardly fare better: the pause is the longest at once.</param>
    public TimeSpan Fail(out bool first, bool longest = false)
    {
        lock (_gate)
        {
            first = false;
            if (_failures > 0 && time.GetElapsedTime(_failedAt) < _delay) return _delay;
            first = _failures == 0;
            _failures++;
            var bound = longest ? options.MaxReconnectDelay.TotalMilliseconds : Math.Min(
                options.ReconnectDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_failures - 1, 30)),
                options.MaxReconnectDelay.TotalMilliseconds);
            _delay = TimeSpan.FromMilliseconds(bound * (0.5 + Random.Shared.NextDouble() / 2));
            _failedAt = time.GetTimestamp();
            return _delay;
        }
    }

    /// <summary>A message got through. True when that ends a row of failures.</summary>
    public bool Succeed()
    {
        lock (_gate)
        {
            var ended = _failures > 0;
            _failures = 0;
            return ended;
        }
    }
}
