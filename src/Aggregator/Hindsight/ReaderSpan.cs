namespace Delivery.Aggregator.Hindsight;

/// <summary>Who opened or clicked.</summary>
internal readonly record struct ReaderKey(uint Account, ulong Job, uint Recipient);

/// <summary>From when to when, in milliseconds.</summary>
internal readonly record struct ReaderSpan(long FromMs, long ToMs)
{
    public ReaderSpan With(ReaderSpan other) => new(Math.Min(FromMs, other.FromMs), Math.Max(ToMs, other.ToMs));
}
