using System.Text;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>Counts events here, and asserts that ClickHouse's tables and the reports say the same; table events as <c>atFirst</c> where that differs.</summary>
internal static class Count
{
    public static async Task AgreesAsync(Installation installation, IReadOnlyList<DeliveryEvent> events, TestAggregator? reports = null, IReadOnlyList<DeliveryEvent>? atFirst = null)
    {
        Assert.Equal($"{events.Count}\t{events.Count}\n", await installation.TextAsync("SELECT count(), uniqExact(producer, shard, number) FROM events"));
        Assert.Equal(Lines(atFirst ?? events, e => $"{e.Job}\t{Name(e.Kind)}\t{Name(e.Class)}"), await installation.TextAsync(
            "SELECT job, kind, class, count(), uniqExact(recipient) FROM events GROUP BY job, kind, class ORDER BY job, toString(kind), toString(class)"));
        Assert.Equal(Lines(events, e => $"{e.Job}\t{Name(e.Kind)}\t{Name(e.Class)}"), await installation.TextAsync(
            "SELECT job, kind, class, sum(events), groupBitmapMerge(people) FROM events_by_job GROUP BY job, kind, class ORDER BY job, toString(kind), toString(class)"));
        var clicks = events.Where(e => e.Kind == EventKind.Clicked).ToList();
        Assert.Equal(Lines(clicks, e => $"{e.Job}\t{e.Position}\t{Name(e.Class)}"), await installation.TextAsync(
            "SELECT job, position, class, sum(clicks), groupBitmapMerge(people) FROM clicks_by_link GROUP BY job, position, class ORDER BY job, position, toString(class)"));
        if (reports is not null)
        {
            foreach (var job in events.Select(e => e.Job).Distinct())
                await ReportAgreesAsync(reports, job, [.. events.Where(e => e.Job == job)]);
        }
    }

    private static async Task ReportAgreesAsync(TestAggregator reports, ulong job, List<DeliveryEvent> events)
    {
        var report = await reports.ReportAsync(job);
        Assert.Equal(job.ToString(), report.GetProperty("job").GetString());
        int People(Func<DeliveryEvent, bool> which) => events.Where(which).Select(e => e.Recipient).Distinct().Count();
        int Number(params string[] path) => path.Aggregate(report, (at, name) => at.GetProperty(name)).GetInt32();
        var delivered = People(e => e.Kind == EventKind.Delivered);
        Assert.Equal(People(e => e.Kind == EventKind.Accepted), Number("recipients", "accepted"));
        Assert.Equal(delivered, Number("delivered"));
        Assert.Equal(People(e => e.Kind == EventKind.Bounced), Number("bounced"));
        Assert.Equal(People(e => e.Kind == EventKind.Expired), Number("expired"));
        Assert.Equal(People(e => e.Kind == EventKind.Dropped), Number("dropped"));
        Assert.Equal(events.Count(e => e.Kind == EventKind.Deferred), Number("deferred"));
        Assert.Equal(People(e => e.Kind == EventKind.Complained), Number("complaints"));
        Pair(e => e.Kind == EventKind.Opened && e.Class == ReaderClass.Human, "opens");
        Pair(e => e.Kind == EventKind.Clicked && e.Class == ReaderClass.Human, "clicks");
        Pair(e => e.Kind == EventKind.Unsubscribed, "unsubscribes");
        Pair(e => e.Kind == EventKind.Opened && e.Class != ReaderClass.Human, "machines", "opens");
        Pair(e => e.Kind == EventKind.Clicked && e.Class != ReaderClass.Human, "machines", "clicks");
        var open = report.GetProperty("rates").GetProperty("open");
        if (delivered == 0)
            Assert.Equal(System.Text.Json.JsonValueKind.Null, open.ValueKind);
        else
            Assert.Equal(People(e => e.Kind == EventKind.Opened && e.Class == ReaderClass.Human) / (double)delivered, open.GetDouble(), 12);
        Assert.Equal(Number("clicks", "total"), report.GetProperty("links").EnumerateArray().Sum(link => link.GetProperty("clicks").GetInt32()));
        foreach (var link in report.GetProperty("links").EnumerateArray())
        {
            var position = link.GetProperty("position").GetInt32();
            bool Human(DeliveryEvent e) => e.Kind == EventKind.Clicked && e.Class == ReaderClass.Human && e.Position == position;
            Assert.Equal(events.Count(Human), link.GetProperty("clicks").GetInt32());
            Assert.Equal(People(Human), link.GetProperty("unique_clicks").GetInt32());
        }

        void Pair(Func<DeliveryEvent, bool> which, params string[] path)
        {
            Assert.Equal(events.Count(which), Number([.. path, "total"]));
            Assert.Equal(People(which), Number([.. path, "unique"]));
        }
    }

    private static string Lines(IEnumerable<DeliveryEvent> events, Func<DeliveryEvent, string> key)
    {
        var text = new StringBuilder();
        var groups = events.GroupBy(key).Select(g => (Key: g.Key.Split('\t'), Text: $"{g.Key}\t{g.Count()}\t{g.Select(e => e.Recipient).Distinct().Count()}\n"));
        foreach (var line in groups.OrderBy(g => ulong.Parse(g.Key[0])).ThenBy(g => g.Key[1], StringComparer.Ordinal).ThenBy(g => g.Key[2], StringComparer.Ordinal))
            text.Append(line.Text);
        return text.ToString();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
