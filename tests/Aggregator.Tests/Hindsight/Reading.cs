using Delivery.Aggregator.Hindsight;
using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;
using Delivery.Contracts.Tokens;

namespace Delivery.Aggregator.Tests.Hindsight;

/// <summary>A made-up recipient's reading: who did what is known, which is what the rules are measured by.</summary>
internal sealed class Reading
{
    public const long DeliveredMs = 1_790_000_000_000;
    private readonly List<(ReaderEvent Event, bool Machine)> _events = [];

    /// <summary>A mail of so many links in the HTML, and the same in the text.</summary>
    public int Links { get; init; } = 8;

    public bool KnowsDelivery { get; init; } = true;

    public int Count => _events.Count;

    /// <param name="ms">After delivery.</param>
    /// <param name="link">From 1; those of the text part follow those of the HTML.</param>
    public Reading Click(long ms, int link, int address = 1, int agent = 1, bool machine = false, ReaderVerdict first = default) =>
        Add(EventKind.Clicked, ms, (ushort)link, address, agent, machine, first);

    public Reading Open(long ms, int address = 1, int agent = 1, bool machine = false, ReaderVerdict first = default) =>
        Add(EventKind.Opened, ms, 0, address, agent, machine, first);

    public Reading ScannerLink(long ms, int address, int agent) => Add(
        EventKind.Clicked, ms, LinkPlace.ScannerPosition, address, agent, machine: true, new ReaderVerdict(ReaderClass.Scanner, ReaderReasons.ScannerLink));

    /// <summary>The verdicts, each with its event and the truth, by time.</summary>
    public List<(ReaderEvent Event, bool Machine, ReaderVerdict Verdict)> Judge(HindsightOptions? options = null)
    {
        var events = _events.OrderBy(one => one.Event.TimeMs).ToList();
        var verdicts = new List<ReaderVerdict>();
        new HindsightRules(options ?? new HindsightOptions()).Judge(
            new ReadingHistory(1, 2, 3, KnowsDelivery ? DeliveredMs : null, new LinkCounts(Links, Links, (ushort)Links), [.. events.Select(one => one.Event)], 0, long.MaxValue),
            verdicts);
        return [.. events.Zip(verdicts, (one, verdict) => (one.Event, one.Machine, verdict))];
    }

    private Reading Add(EventKind kind, long ms, ushort position, int address, int agent, bool machine, ReaderVerdict first)
    {
        var number = (ulong)_events.Count + 1;
        _events.Add((new ReaderEvent(9, number, kind, DeliveredMs + ms, position, 0, first, first, (ulong)address, (ulong)agent), machine));
        return this;
    }
}
