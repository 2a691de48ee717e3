namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>Who takes a job to an audience now: a few at one time, and one for an idempotency key. Thread-safe.</summary>
internal sealed class FollowUpPlaces
{
    /// <summary>Bounds memory, and leaves other jobs their way in.</summary>
    public const int MostAtOnce = 4;

    private readonly Lock _lock = new();
    private readonly HashSet<(uint Account, string Key)> _keys = [];
    private int _taken;

    /// <summary>Null, with the reason, where there is none to be had. The caller disposes of it.</summary>
    public IDisposable? TryTake(uint account, string? key, out IntakeFailure? failure)
    {
        lock (_lock)
        {
            failure = null;
            if (key is not null && _keys.Contains((account, key)))
                failure = FollowUpProblems.UnderWay();
            else if (_taken >= MostAtOnce)
                failure = FollowUpProblems.Busy();
            if (failure is not null)
                return null;
            _taken++;
            if (key is not null)
                _keys.Add((account, key));
            return new Place(this, account, key);
        }
    }

    private void Return(uint account, string? key)
    {
        lock (_lock)
        {
            _taken--;
            if (key is not null)
                _keys.Remove((account, key));
        }
    }

    private sealed class Place(FollowUpPlaces places, uint account, string? key) : IDisposable
    {
        public void Dispose() => places.Return(account, key);
    }
}
