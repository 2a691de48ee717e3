namespace Delivery.Mta.Suppressions.Api;

/// <summary>How many imports run at one time. Thread-safe.</summary>
internal sealed class ImportPlaces
{
    /// <summary>Of all accounts: bounds what they take of Redis, which sends nothing else meanwhile. One account has one, so that a slow one is nobody else's wait.</summary>
    public const int Most = 4;

    private readonly HashSet<uint> _accounts = [];

    public bool TryTake(uint account)
    {
        lock (_accounts)
            return _accounts.Count < Most && _accounts.Add(account);
    }

    public void Return(uint account)
    {
        lock (_accounts)
            _accounts.Remove(account);
    }
}
