using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Delivery.Cli.Audit;

/// <summary>An audit's report in words.</summary>
internal static class AuditText
{
    public static string Of(JsonElement report)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        ulong Number(string name) => report.GetProperty(name).GetUInt64();
        if (report.GetProperty("numbers_compared").GetBoolean())
        {
            Line($"Numbers: {Number("producers")} producers, {Number("events")} events, {Number("aside")} jobs, links, mails and dead letters, {Number("waiting")} waiting in Redis, {Number("lost")} lost, {Number("surplus")} too many");
            if (Number("untold") is > 0 and var untold)
                Line($"  {untold} numbers are no events and from before jobs and links were kept apart: nobody can tell whether they are gaps");
            foreach (var gap in report.GetProperty("gaps").EnumerateArray())
                Line($"  gap: shard {gap.GetProperty("shard")}, producer {gap.GetProperty("producer")}, {Span(gap)}: in ClickHouse and Redis neither; cannot be repaired");
            foreach (var repeat in report.GetProperty("repeats").EnumerateArray())
                Line($"  repeat: shard {repeat.GetProperty("shard")}, producer {repeat.GetProperty("producer")}, {Span(repeat)}: {repeat.GetProperty("count")} rows too many; cannot be repaired");
        }

        foreach (var notice in report.GetProperty("notices").EnumerateArray())
            Line($"  {notice.GetString()}");
        Line($"Roll-ups: {Number("jobs")} jobs compared, {Number("differing_jobs")} differ, {Number("repaired_jobs")} repaired, {Number("rebuilt_jobs")} counted again as asked");
        foreach (var difference in report.GetProperty("differences").EnumerateArray())
            Line($"  differs: {difference.GetProperty("rollup").GetString()}, account {difference.GetProperty("account")}, job {difference.GetProperty("job")}: {difference.GetProperty("rows")} rows, which hold {difference.GetProperty("holds")} where the events are {difference.GetProperty("counted")}");
        text.Append(report.GetProperty("agrees").GetBoolean() ? "All agrees." : "Something differs; roll-ups are mended by --repair.");
        return text.ToString();
    }

    private static string Span(JsonElement span) =>
        span.GetProperty("first").GetUInt64() == span.GetProperty("last").GetUInt64()
            ? $"number {span.GetProperty("first")}"
            : $"numbers {span.GetProperty("first")} to {span.GetProperty("last")}";
}
