using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports;

/// <summary>Time zones, as ClickHouse knows them: it is what counts by them. Thread-safe.</summary>
internal sealed class ReportZones(ClickHouseClient clickHouse)
{
    public const string Parameter = "time_zone";
    private const int MaxName = 64;

    private volatile HashSet<string>? _known;

    /// <summary>The zone that a call names, else that of its account, else UTC. One that is not known is a fault of the call.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<string> OfAsync(ReportParameters asked, Caller caller, CancellationToken cancellation)
    {
        var named = asked.Text(Parameter);
        var zone = named ?? caller.TimeZone;
        if (zone == "UTC" || (zone.Length <= MaxName && (await KnownAsync(cancellation).ConfigureAwait(false)).Contains(zone)))
            return zone;
        asked.Wrong(named is null
            ? $"the account's time zone '{zone}' is not known; name one with '{Parameter}', such as Europe/Berlin, or change the account's."
            : $"'{Parameter}' is '{zone}', which is not known; give an IANA name such as Europe/Berlin, or UTC.");
        return "UTC";
    }

    private async Task<HashSet<string>> KnownAsync(CancellationToken cancellation)
    {
        if (_known is { } known)
            return known;
        var rows = await clickHouse.RowsAsync("SELECT time_zone AS name FROM system.time_zones", ReportJson.Default.ZoneRow, cancellation).ConfigureAwait(false);
        return _known = rows.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
    }
}

/// <summary>A row of <c>system.time_zones</c>.</summary>
internal sealed record ZoneRow(string Name);
