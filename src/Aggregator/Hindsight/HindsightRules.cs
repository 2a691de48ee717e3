using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;
using Delivery.Contracts.Tokens;

namespace Delivery.Aggregator.Hindsight;

/// <summary>
/// What several events of one recipient show together. The answer depends on the events alone, not on what was decided before, so it may
/// be asked for again whenever one more event has come. Reused; one caller at a time.
/// </summary>
internal sealed class HindsightRules(HindsightOptions options)
{
    /// <summary>No rule looks further than this from an event, in milliseconds.</summary>
    public const long ReachMs = 70_000;

    /// <summary>The Mta says that a mail is delivered a moment after the peer has it, which may look into it meanwhile.</summary>
    private const long DeliverySlackMs = 10_000;

    /// <summary>Openings so near to a burst are of whoever caused it.</summary>
    private const long OpenSlackMs = 5_000;

    private readonly BurstFinder _bursts = new(options);
    private readonly List<int> _clicks = [];
    private readonly List<int> _rest = [];
    private string?[] _reasons = [];

    /// <summary>Fills <paramref name="verdicts"/> with one for each event.</summary>
    public void Judge(ReadingHistory history, List<ReaderVerdict> verdicts)
    {
        var events = history.Events;
        Begin(events);
        MarkBursts(history);
        MarkAroundScannerLinks(events);
        if (history.DeliveredMs is { } delivered)
            MarkBeforeReading(events, delivered);
        verdicts.Clear();
        for (var i = 0; i < events.Count; i++)
        {
            verdicts.Add(_reasons[i] is { } reason && events[i].MayBeRevised
                ? new ReaderVerdict(ReaderClass.Scanner, reason)
                : events[i].First);
        }
    }

    private void Begin(IReadOnlyList<ReaderEvent> events)
    {
        if (_reasons.Length < events.Count)
            _reasons = new string?[Math.Max(events.Count, _reasons.Length * 2)];
        Array.Clear(_reasons, 0, events.Count);
        _clicks.Clear();
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Kind == EventKind.Clicked)
                _clicks.Add(i);
        }
    }

    /// <summary>
    /// First the clicks from one address, then those of one user agent, then what is left together: a person who clicks while a scanner
    /// works is neither of the first two.
    /// </summary>
    private void MarkBursts(ReadingHistory history)
    {
        if (_clicks.Count < 2)
            return;
        MarkBy(history, static e => e.Address);
        MarkBy(history, static e => e.UserAgent);
        _rest.Clear();
        foreach (var click in _clicks)
        {
            if (_reasons[click] is null)
                _rest.Add(click);
        }

        _bursts.MarkFast(history.Events, _rest, _reasons);
        MarkOpens(history.Events);
    }

    private void MarkBy(ReadingHistory history, Func<ReaderEvent, ulong> key)
    {
        foreach (var group in _clicks.GroupBy(click => key(history.Events[click])))
        {
            var clicks = group.ToList();
            if (clicks.Count > 1)
                _bursts.Mark(history, clicks, _reasons);
        }
    }

    private void MarkOpens(IReadOnlyList<ReaderEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Kind != EventKind.Opened)
                continue;
            foreach (var click in _clicks)
            {
                if (_reasons[click] == ReaderReasons.LinkBurst && IsSameReader(events[i], events[click], OpenSlackMs))
                {
                    _reasons[i] = ReaderReasons.BurstOpen;
                    break;
                }
            }
        }
    }

    private void MarkAroundScannerLinks(IReadOnlyList<ReaderEvent> events)
    {
        var around = (long)options.AroundScannerLink.TotalMilliseconds;
        foreach (var click in _clicks)
        {
            if (events[click].Position != LinkPlace.ScannerPosition)
                continue;
            for (var i = 0; i < events.Count; i++)
            {
                if (i != click && _reasons[i] is null && IsSameReader(events[i], events[click], around))
                    _reasons[i] = ReaderReasons.NearScannerLink;
            }
        }
    }

    private void MarkBeforeReading(IReadOnlyList<ReaderEvent> events, long delivered)
    {
        var before = (long)options.BeforeReading.TotalMilliseconds;
        foreach (var click in _clicks)
        {
            var passed = events[click].TimeMs - delivered;
            if (before > 0 && passed >= -DeliverySlackMs && passed < before)
                _reasons[click] ??= ReaderReasons.BeforeReading;
        }
    }

    private static bool IsSameReader(in ReaderEvent one, in ReaderEvent other, long withinMs) =>
        Math.Abs(one.TimeMs - other.TimeMs) <= withinMs && (one.Address == other.Address || one.UserAgent == other.UserAgent);
}
