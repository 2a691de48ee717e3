using Delivery.Contracts.Readers;

namespace Delivery.Aggregator.Hindsight;

/// <summary>Finds many links of a mail followed faster than a person follows them. Reused; one caller at a time.</summary>
internal sealed class BurstFinder(HindsightOptions options)
{
    private const int FewLinks = 4;
    private const long FewLinksMs = 3_000;
    private const int ManyLinks = 8;
    private const long ManyLinksMs = 30_000;
    private const long TailMs = 5_000;
    private const long DeliverySlackMs = 10_000;
    private readonly HashSet<uint> _links = [];
    private readonly HashSet<ushort> _positions = [];

    /// <param name="clicks">Indices of events of one reader, by time.</param>
    /// <param name="reasons">Where a click is of a burst, its reason is set.</param>
    public void Mark(ReadingHistory history, List<int> clicks, string?[] reasons)
    {
        var events = history.Events;
        for (var from = 0; from < clicks.Count - 1; from++)
        {
            var to = Math.Max(Math.Max(Fast(events, clicks, from), All(history, clicks, from, FewLinksMs, FewLinks)),
                Math.Max(All(history, clicks, from, ManyLinksMs, ManyLinks), Early(history, clicks, from)));
            if (to > from)
                MarkTo(events, clicks, from, to, reasons);
        }
    }

    /// <summary>The rule that asks nothing of the mail, for clicks that share neither address nor user agent.</summary>
    public void MarkFast(IReadOnlyList<ReaderEvent> events, List<int> clicks, string?[] reasons)
    {
        for (var from = 0; from < clicks.Count - 1; from++)
        {
            for (var i = from; i <= Fast(events, clicks, from); i++)
                reasons[clicks[i]] ??= ReaderReasons.LinkBurst;
        }
    }

    /// <summary>A burst has a tail: clicks of the very same reader that follow without a pause.</summary>
    private static void MarkTo(IReadOnlyList<ReaderEvent> events, List<int> clicks, int from, int to, string?[] reasons)
    {
        for (var i = from; i <= to; i++)
            reasons[clicks[i]] ??= ReaderReasons.LinkBurst;
        var end = events[clicks[to]].TimeMs + ManyLinksMs;
        for (var (last, i) = (clicks[to], to + 1); i < clicks.Count; i++)
        {
            var (one, before) = (events[clicks[i]], events[last]);
            if (one.TimeMs - before.TimeMs > TailMs || one.TimeMs > end)
                return;
            if (one.Address != before.Address || one.UserAgent != before.UserAgent)
                continue;
            reasons[clicks[i]] ??= ReaderReasons.LinkBurst;
            last = clicks[i];
        }
    }

    /// <summary>The last click of the burst that begins here, or -1.</summary>
    private int Fast(IReadOnlyList<ReaderEvent> events, List<int> clicks, int from)
    {
        var last = Gather(events, clicks, from, (long)options.BurstWindow.TotalMilliseconds);
        return _links.Count >= options.BurstLinks ? last : -1;
    }

    private int All(ReadingHistory history, List<int> clicks, int from, long windowMs, int least)
    {
        var last = Gather(history.Events, clicks, from, windowMs);
        return _positions.Count >= least && IsAll(history.Links) ? last : -1;
    }

    private int Early(ReadingHistory history, List<int> clicks, int from)
    {
        var early = (long)options.EarlyAfterDelivery.TotalMilliseconds;
        if (history.DeliveredMs is not { } delivered || early == 0)
            return -1;
        var passed = history.Events[clicks[from]].TimeMs - delivered;
        return passed < -DeliverySlackMs || passed >= early ? -1 : All(history, clicks, from, early, least: 2);
    }

    private bool IsAll(LinkCounts links)
    {
        var (html, text) = (0, 0);
        foreach (var position in _positions)
        {
            if (links.IsOfHtml(position))
                html++;
            else
                text++;
        }

        return IsAll(html, links.Html) || IsAll(text, links.Text);
    }

    private bool IsAll(int followed, int there) => there > 1 && followed >= Math.Ceiling(there * options.BurstShare);

    /// <summary>The links within a window that begins with a click; returns its last click.</summary>
    private int Gather(IReadOnlyList<ReaderEvent> events, List<int> clicks, int from, long windowMs)
    {
        _links.Clear();
        _positions.Clear();
        var end = events[clicks[from]].TimeMs + windowMs;
        var last = from;
        for (var i = from; i < clicks.Count && events[clicks[i]].TimeMs <= end; last = i, i++)
        {
            var click = events[clicks[i]];
            _links.Add(click.Link);
            if (click.Position != Contracts.Tokens.LinkPlace.ScannerPosition)
                _positions.Add(click.Position);
        }

        return last;
    }
}
