namespace Delivery.Mta.Tests.Outcomes;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class TestTimeProvider(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;
}
