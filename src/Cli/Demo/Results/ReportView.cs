using System.Globalization;
using Delivery.Cli.Demo.Readers;
using Spectre.Console;

namespace Delivery.Cli.Demo.Results;

/// <summary>The report as the operator sees it.</summary>
internal static class ReportView
{
    private const int BarWidth = 13;

    /// <returns>Whether everything is as the readers know it.</returns>
    public static bool Write(IAnsiConsole console, DemoResult result, IReadOnlyList<string> differences, ReadingTally tally)
    {
        console.WriteLine();
        console.WriteLine($"Report of job {result.Job}, read back from ClickHouse");
        console.Write(Totals(result));
        console.Write(Breakdown(result));
        console.WriteLine(Text($"first message {result.Seconds.ToFirstMessage:0.000} s and last message {result.Seconds.ToLastMessage:0.000} s after submission"));
        foreach (var difference in differences)
            console.WriteLine("DIFFERENT " + difference);
        foreach (var fault in tally.Faults)
            console.WriteLine("FAULT " + fault);
        if (tally.FaultCount > tally.Faults.Count)
            console.WriteLine(Text($"and {tally.FaultCount - tally.Faults.Count} more"));
        var complete = result.Delivered == result.Expected.Recipients;
        if (!complete)
            console.WriteLine(Text($"DIFFERENT {result.Expected.Recipients} recipients, {result.Delivered} delivered"));
        var same = differences.Count == 0 && tally.FaultCount == 0 && complete;
        console.WriteLine(same ? "Every figure is what the readers did." : "The figures are not what the readers did.");
        return same;
    }

    private static Table Totals(DemoResult result)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("", "people", "of delivered", "times");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        table.AddRow("recipients", Text($"{result.Recipients}"), "", "");
        table.AddRow("delivered", Text($"{result.Delivered}"), "", "");
        Row(table, "opened", result.Opens.Unique, result.Delivered, result.Opens.Total);
        Row(table, "clicked", result.Clicks.Unique, result.Delivered, result.Clicks.Total);
        Row(table, "unsubscribed", result.Unsubscribes, result.Delivered, result.Unsubscribes);
        return table;
    }

    private static void Row(Table table, string name, long people, long delivered, long times) =>
        table.AddRow(name, Text($"{people}"), delivered == 0 ? "" : Text($"{100.0 * people / delivered:0.0} %"), Text($"{times}"));

    private static Table Breakdown(DemoResult result)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("pos", "link", "clicks", "people", "");
        table.Columns[0].RightAligned();
        table.Columns[1].NoWrap();
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        var shop = result.Links.Count > 0 && Uri.TryCreate(result.Links[0].Url, UriKind.Absolute, out var first) ? first.GetLeftPart(UriPartial.Authority) : "https://";
        var most = result.Links.Count == 0 ? 0 : result.Links.Max(link => link.Clicks);
        foreach (var link in result.Links)
        {
            var bar = most == 0 ? 0 : (int)Math.Ceiling((double)link.Clicks * BarWidth / most);
            table.AddRow(Text($"{link.Position}"), Markup.Escape(Short(link.Url, shop)), Text($"{link.Clicks}"), Text($"{link.UniqueClicks}"), new string('█', bar));
        }

        return table;
    }

    /// <summary>Without the shop's own host, which most links share.</summary>
    private static string Short(string url, string shop)
    {
        const int longest = 36;
        var text = url.StartsWith(shop, StringComparison.Ordinal) ? url[shop.Length..] : url.Replace("https://", "", StringComparison.Ordinal);
        return text.Length <= longest ? text : text[..(longest - 1)] + "…";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
