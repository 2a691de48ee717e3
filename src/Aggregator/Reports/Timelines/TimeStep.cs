namespace Delivery.Aggregator.Reports.Timelines;

/// <summary>How long a slot of a timeline is, by the clocks of a zone.</summary>
/// <param name="Name">As the call names it.</param>
/// <param name="Start">Start of the slot of <c>bucket</c>, in the zone of the parameter <c>zone</c>.</param>
internal sealed record TimeStep(string Name, string Start)
{
    public const string Parameter = "step";

    public static TimeStep Quarter { get; } = new("15m", "toTimeZone(bucket, {zone:String})");

    public static TimeStep Hour { get; } = new("1h", "toStartOfHour(toTimeZone(bucket, {zone:String}))");

    public static TimeStep Day { get; } = new("1d", "toDateTime(toStartOfDay(toTimeZone(bucket, {zone:String})), {zone:String})");

    /// <summary>What the call names, else <paramref name="otherwise"/>.</summary>
    public static TimeStep Of(ReportParameters asked, TimeStep otherwise) => asked.Text(Parameter) is null
        ? otherwise
        : asked.Choice(Parameter, Quarter.Name, Hour.Name, Day.Name) switch
        {
            "1d" => Day,
            "1h" => Hour,
            _ => Quarter,
        };
}
