namespace Delivery.Mta.Tests.Smtp;

/// <summary>Timestamps that stand still until they are moved.</summary>
internal sealed class MovedTime : TimeProvider
{
    private long _ticks = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Advance(TimeSpan by) => _ticks += by.Ticks;
}
