namespace Delivery.Aggregator.Live;

/// <summary>
/// When a watched job is worth a look: once events of its shard came since the last one, and every 15 s for what changes without new events. Looks that
/// find nothing, as where the events were of other jobs, are each twice as far apart as those before; one that finds a change begins anew. One owner.
/// </summary>
/// <param name="interval">Least time between two looks.</param>
internal sealed class LivePace(TimeSpan interval)
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _longest = interval > LookAnyway ? interval : LookAnyway;
    private TimeSpan _pause = TimeSpan.Zero;
    private string? _seen;

    /// <param name="since">Since the last look; not asked at the first.</param>
    /// <param name="mark">Of <see cref="LiveMarks"/>; null where it is not known.</param>
    public bool IsDue(TimeSpan since, string? mark) =>
        _pause == TimeSpan.Zero || since >= _longest || (since >= _pause && mark is not null && mark != _seen);

    /// <param name="mark">As it was before the look.</param>
    /// <param name="changed">Whether the look found other figures than the one before.</param>
    public void Looked(string? mark, bool changed)
    {
        var moved = mark is not null && mark != _seen;
        _seen = mark ?? _seen;
        if (changed || _pause == TimeSpan.Zero)
            _pause = interval;
        else if (moved)
            _pause = _pause * 2 < _longest ? _pause * 2 : _longest;
    }
}
