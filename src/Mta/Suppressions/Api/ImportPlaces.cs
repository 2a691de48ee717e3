namespace Delivery.Mta.Suppressions.Api;

/// <summary>How many imports run at one time. Thread-safe.</summary>
internal sealed class ImportPlaces : IDisposable
{
    /// <summary>Bounds what they take of Redis, which sends nothing else meanwhile.</summary>
    public const int Most = 2;

    private readonly SemaphoreSlim _places = new(Most);

    public bool TryTake() => _places.Wait(0);

    public void Return() => _places.Release();

    public void Dispose() => _places.Dispose();
}
