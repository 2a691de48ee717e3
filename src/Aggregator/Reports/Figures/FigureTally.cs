namespace Delivery.Aggregator.Reports.Figures;

/// <summary>Figures of a job, a slot of time or a sum of jobs, put together from rows of the roll-up. Not thread-safe.</summary>
internal sealed class FigureTally
{
    private readonly Dictionary<(string Kind, bool Human), CountPair> _pairs = [];

    public ulong Pending
    {
        get
        {
            var ended = Unique("delivered") + Unique("bounced") + Unique("expired") + Unique("dropped");
            return Unique("accepted") > ended ? Unique("accepted") - ended : 0;
        }
    }

    public ReportMachines Machines => new(Pair("opened", human: false), Pair("clicked", human: false));

    public ReportRates Rates => new(
        Share(Unique("opened"), Unique("delivered")),
        Share(Unique("clicked"), Unique("delivered")),
        Share(Unique("clicked"), Unique("opened")),
        Share(Unique("unsubscribed"), Unique("delivered")),
        Share(Unique("bounced"), Unique("delivered") + Unique("bounced")));

    /// <summary>Adds a row; several of a kind add up.</summary>
    public void Add(FigureRow row)
    {
        var key = (row.Kind, row.Human != 0);
        var before = _pairs.GetValueOrDefault(key, CountPair.None);
        _pairs[key] = new CountPair(before.Total + row.Events, before.Unique + row.People);
    }

    public CountPair Pair(string kind, bool human = true) => _pairs.GetValueOrDefault((kind, human), CountPair.None);

    public ulong Total(string kind) => Pair(kind).Total;

    public ulong Unique(string kind) => Pair(kind).Unique;

    /// <summary>Null where there is nobody to divide by.</summary>
    public static double? Share(ulong part, ulong whole) => whole == 0 ? null : part / (double)whole;
}
