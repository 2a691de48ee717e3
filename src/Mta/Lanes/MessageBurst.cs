namespace Delivery.Mta.Lanes;

/// <summary>
/// Signed messages of one composer that enter the lane together. A signature takes several times what sending takes: one by one each
/// message would find all connections idle and cost a round trip of its own, where a connection that finds the next one waiting needs
/// none. Not thread-safe.
/// </summary>
internal sealed class MessageBurst(TimeProvider time)
{
    private const int Most = 64;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(10);
    private readonly List<MailMessage> _held = new(Most);
    private long _since;

    /// <summary>In the order in which they came.</summary>
    public List<MailMessage> Held => _held;

    /// <summary>There are enough, or the first of them has waited long enough.</summary>
    public bool IsDue => _held.Count == Most || (_held.Count > 0 && time.GetElapsedTime(_since) >= Longest);

    public void Add(MailMessage message)
    {
        if (_held.Count == 0)
            _since = time.GetTimestamp();
        _held.Add(message);
    }

    public void Clear() => _held.Clear();
}
