namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// What a webhook gets next. Streams are merged by the time of their events, so that an open follows its delivery also while a backlog
/// is sent; late events go first. Holds two batches of numbers for each stream at most. One owner.
/// </summary>
internal sealed class EventFeed(FeedQuery query, FeedMarks marks, Subscription subscription, FeedCursor cursor, int batch)
{
    private const int StreamsAtOnce = 50;
    private readonly SortedDictionary<string, (FeedStream Stream, FeedLane Lane)> _lanes = new(StringComparer.Ordinal);

    /// <summary>Up to where everything wanted is in a batch before, or is not wanted.</summary>
    public FeedCursor Cursor { get; private set; } = cursor;

    /// <summary>Numbers that were not looked at yet, wanted or not.</summary>
    public long Behind(FeedStand stand) =>
        stand.Marks.Sum(one => Math.Max(0, (long)one.Value - (long)Cursor.Marks.GetValueOrDefault(one.Key.ToString())));

    /// <summary>The next batch; null where there is nothing to send now. Its events count as sent only with <see cref="Sent"/>.</summary>
    public async Task<PendingBatch?> NextAsync(FeedStand stand, CancellationToken cancellation)
    {
        foreach (var stream in stand.Marks.Keys)
            Lane(stream);
        if (await LateAsync(stand, cancellation).ConfigureAwait(false) is { } late)
            return late;
        await FillAsync(stand, cancellation).ConfigureAwait(false);
        return Merge(stand);
    }

    public void Sent(PendingBatch sent) => Cursor = sent.To;

    private FeedLane Lane(FeedStream stream)
    {
        var name = stream.ToString();
        if (!_lanes.TryGetValue(name, out var known))
            _lanes[name] = known = (stream, new FeedLane(Cursor.Marks.GetValueOrDefault(name)));
        return known.Lane;
    }

    /// <summary>Looks on until each stream shows its next event, or has none up to its mark.</summary>
    private async Task FillAsync(FeedStand stand, CancellationToken cancellation)
    {
        while (true)
        {
            var windows = new Dictionary<FeedStream, NumberWindow>();
            foreach (var (stream, lane) in _lanes.Values)
            {
                if (windows.Count < StreamsAtOnce && lane.IsEmpty && stand.Marks.TryGetValue(stream, out var mark) && lane.Read < mark)
                    windows[stream] = lane.Next(stream, mark);
            }

            if (windows.Count == 0)
                return;
            var found = (await query.ScanAsync(subscription, windows.Values, batch, cancellation).ConfigureAwait(false)).ToLookup(row => row.Stream);
            foreach (var (stream, window) in windows)
            {
                var lane = Lane(stream);
                var (count, last) = (0, 0UL);
                foreach (var (_, number, timeMs) in found[stream])
                {
                    lane.Add(number, timeMs);
                    (count, last) = (count + 1, number);
                }

                lane.Looked(window.Last, count, batch, last);
            }
        }
    }

    private PendingBatch? Merge(FeedStand stand)
    {
        var taken = new Dictionary<string, (FeedStream Stream, ulong Last)>(StringComparer.Ordinal);
        var (events, oldest) = (0, long.MaxValue);
        while (events < batch && Earliest(stand) is { } name)
        {
            var (stream, lane) = _lanes[name];
            var (number, timeMs) = lane.Take();
            taken[name] = (stream, number);
            (events, oldest) = (events + 1, Math.Min(oldest, timeMs));
        }

        var to = Cursor.Copy();
        foreach (var (name, (_, lane)) in _lanes)
        {
            if (lane.IsEmpty)
                to.Marks[name] = lane.Read;
            else if (taken.TryGetValue(name, out var last))
                to.Marks[name] = last.Last;
        }

        if (events == 0)
        {
            Cursor = to;
            return null;
        }

        var windows = taken.Select(one => new NumberWindow(one.Value.Stream.Shard, one.Value.Stream.Producer, Cursor.Marks.GetValueOrDefault(one.Key) + 1, one.Value.Last));
        return Pending([.. windows], to, events, oldest);
    }

    /// <summary>The stream whose next event is the earliest; null where there is none, or a stream that is not read to its mark shows none.</summary>
    private string? Earliest(FeedStand stand)
    {
        string? earliest = null;
        var time = long.MaxValue;
        foreach (var (name, (stream, lane)) in _lanes)
        {
            if (lane.IsEmpty && stand.Marks.TryGetValue(stream, out var mark) && lane.Read < mark)
                return null;
            if (!lane.IsEmpty && lane.Head.TimeMs < time)
                (earliest, time) = (name, lane.Head.TimeMs);
        }

        return earliest;
    }

    /// <summary>Of what came late, that which lies behind what was looked at: the rest is met on the way.</summary>
    private async Task<PendingBatch?> LateAsync(FeedStand stand, CancellationToken cancellation)
    {
        foreach (var (shard, newest) in stand.Late)
        {
            while (true)
            {
                var place = Cursor.Late.GetValueOrDefault(shard, new LatePlace(LatePlace.Start, 0));
                if (place.Id == newest || await marks.LateAfterAsync(shard, place.Id).ConfigureAwait(false) is not { } entry)
                    break;
                var all = entry.Numbers;
                var window = all with
                {
                    First = Math.Max(all.First, place.Within + 1), Last = Math.Min(all.Last, Lane(new FeedStream(shard, all.Producer)).Read),
                };
                var found = window.First > window.Last ? [] : await query.ScanAsync(subscription, [window], batch, cancellation).ConfigureAwait(false);
                var to = Cursor.Copy();
                to.Late[shard] = found.Count < batch ? new LatePlace(entry.Id, 0) : place with { Within = found[^1].Number };
                if (found.Count > 0)
                    return Pending([window with { Last = found[^1].Number }], to, found.Count, found.Min(row => row.TimeMs));
                Cursor = to;
            }
        }

        return null;
    }

    private PendingBatch Pending(IReadOnlyList<NumberWindow> windows, FeedCursor to, int events, long oldest) => new()
    {
        Id = $"msg_{Guid.NewGuid():N}", Revision = subscription.Revision, Windows = windows, To = to, Events = events, OldestMs = oldest,
    };
}
