namespace Delivery.Aggregator.Webhooks;

/// <summary>Which webhooks are being tried out by a call: a few at one time, each once, beside the places of those that send. Thread-safe.</summary>
internal sealed class TestPlaces
{
    public const int MostAtOnce = 4;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Null where it is being tried out already, or too many are. The caller disposes of it.</summary>
    public IDisposable? TryTake(string webhook)
    {
        lock (_gate)
            return _taken.Count < MostAtOnce && _taken.Add(webhook) ? new Place(this, webhook) : null;
    }

    private void Return(string webhook)
    {
        lock (_gate)
            _taken.Remove(webhook);
    }

    private sealed class Place(TestPlaces places, string webhook) : IDisposable
    {
        public void Dispose() => places.Return(webhook);
    }
}
