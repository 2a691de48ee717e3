namespace Delivery.Aggregator.Audiences;

/// <summary>How many audiences an account has read at one time, so that its calls leave ClickHouse to others too. Thread-safe.</summary>
internal sealed class AudiencePlaces
{
    public const int MostAtOnce = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, int> _taken = [];

    /// <summary>Null where the account has all of its places. The caller disposes of it once.</summary>
    public IDisposable? TryTake(uint account)
    {
        lock (_gate)
        {
            var taken = _taken.GetValueOrDefault(account);
            if (taken >= MostAtOnce)
                return null;
            _taken[account] = taken + 1;
            return new Place(this, account);
        }
    }

    private void Return(uint account)
    {
        lock (_gate)
        {
            if (--_taken[account] == 0)
                _taken.Remove(account);
        }
    }

    private sealed class Place(AudiencePlaces places, uint account) : IDisposable
    {
        public void Dispose() => places.Return(account);
    }
}
