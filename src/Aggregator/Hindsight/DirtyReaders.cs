using System.Runtime.InteropServices;
using Delivery.Aggregator.Rollups;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Hindsight;

/// <summary>
/// Recipients with events that hindsight has not looked at, and those it looked at a moment ago, whose delivery may still be told. Bounded:
/// where there are too many it forgets who they are and knows only since when. Not thread-safe.
/// </summary>
internal sealed class DirtyReaders(int capacity, TimeProvider time)
{
    /// <summary>How long after its events came a recipient is kept for a delivery that comes later.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    private readonly Dictionary<ReaderKey, ReaderSpan> _waiting = [];
    private Dictionary<ReaderKey, ReaderSpan> _young = [];
    private Dictionary<ReaderKey, ReaderSpan> _old = [];
    private long _turned = time.GetTimestamp();

    /// <summary>Recipients who wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Too many came: who they are is only in ClickHouse, since <see cref="SinceMs"/>.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Earliest event of anybody here; null where there is nobody.</summary>
    public long? SinceMs { get; private set; }

    /// <summary>Adds the readers of a batch.</summary>
    public void Add(RowBlock rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = new EventRowView(rows[i]);
            switch (row.Kind)
            {
                case EventKind.Opened or EventKind.Clicked:
                    Add(new ReaderKey(row.Account, row.Job, row.Recipient), new ReaderSpan(row.TimeMs, row.TimeMs));
                    break;
                case EventKind.Delivered when _young.Count + _old.Count > 0:
                    AddAgain(new ReaderKey(row.Account, row.Job, row.Recipient));
                    break;
            }
        }
    }

    public void Add(in ReaderKey key, in ReaderSpan span)
    {
        SinceMs = Math.Min(SinceMs ?? long.MaxValue, span.FromMs);
        if (Overflowed)
            return;
        Merge(_waiting, key, span);
        if (_waiting.Count <= capacity)
            return;
        Overflowed = true;
        _waiting.Clear();
    }

    /// <summary>Moves at most so many of those who wait to <paramref name="taken"/>.</summary>
    public void Take(int most, List<KeyValuePair<ReaderKey, ReaderSpan>> taken)
    {
        taken.Clear();
        foreach (var one in _waiting)
        {
            if (taken.Count == most)
                break;
            taken.Add(one);
        }

        foreach (var (key, _) in taken)
            _waiting.Remove(key);
    }

    /// <summary>They were looked at.</summary>
    public void Done(List<KeyValuePair<ReaderKey, ReaderSpan>> taken)
    {
        if (time.GetElapsedTime(_turned) > Kept || _young.Count > capacity)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _turned = time.GetTimestamp();
        }

        foreach (var (key, span) in taken)
            Merge(_young, key, span);
        FindSince();
    }

    /// <summary>Everybody that was forgotten has been found in ClickHouse.</summary>
    public void Found()
    {
        Overflowed = false;
        FindSince();
    }

    /// <summary>Forgets those who were kept long enough; true where <see cref="SinceMs"/> is another now.</summary>
    public bool Age()
    {
        if (_young.Count + _old.Count == 0 || time.GetElapsedTime(_turned) <= Kept)
            return false;
        (_old, _young) = (_young, _old);
        _young.Clear();
        _turned = time.GetTimestamp();
        var before = SinceMs;
        FindSince();
        return SinceMs != before;
    }

    private void AddAgain(in ReaderKey key)
    {
        if (_young.TryGetValue(key, out var span) || _old.TryGetValue(key, out span))
            Add(key, span);
    }

    private void FindSince()
    {
        if (Overflowed)
            return;
        SinceMs = null;
        foreach (var readers in (ReadOnlySpan<Dictionary<ReaderKey, ReaderSpan>>)[_waiting, _young, _old])
        {
            foreach (var (_, span) in readers)
                SinceMs = Math.Min(SinceMs ?? long.MaxValue, span.FromMs);
        }
    }

    private static void Merge(Dictionary<ReaderKey, ReaderSpan> readers, in ReaderKey key, in ReaderSpan span)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(readers, key, out var exists);
        known = exists ? known.With(span) : span;
    }
}
