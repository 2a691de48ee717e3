using System.Threading.RateLimiting;

namespace Delivery.Aggregator.Audiences;

/// <summary>How many audiences an account has read at one time, so that its calls leave ClickHouse to others too. Thread-safe.</summary>
internal sealed class AudiencePlaces : IDisposable
{
    public const int MostAtOnce = 4;

    private readonly PartitionedRateLimiter<uint> _places = PartitionedRateLimiter.Create<uint, uint>(account =>
        RateLimitPartition.GetConcurrencyLimiter(account, _ => new ConcurrencyLimiterOptions { PermitLimit = MostAtOnce, QueueLimit = 0 }));

    public void Dispose() => _places.Dispose();

    /// <summary>Null where the account has all of its places. The caller disposes of it once.</summary>
    public IDisposable? TryTake(uint account)
    {
        var place = _places.AttemptAcquire(account);
        return place.IsAcquired ? place : null;
    }
}
