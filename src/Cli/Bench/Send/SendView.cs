using System.Globalization;
using Spectre.Console;

namespace Delivery.Cli.Bench.Send;

/// <summary>A result as the operator sees it.</summary>
internal static class SendView
{
    private const double Megabyte = 1 << 20;

    public static void Write(IAnsiConsole console, SendResult result)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumns("", "");
        table.Columns[1].RightAligned();
        Row(table, "messages", $"{result.Messages:N0} of {result.SizeBytes:N0} bytes, {result.Connections} connections");
        Row(table, "before the clock", $"{result.WarmUpMessages:N0} messages to warm up");
        Row(table, "accepted", $"{result.AcceptSeconds:0.000} s, {result.AcceptPerSecond:N0} a second");
        if (result.FirstMessageSeconds is { } first)
        {
            Row(table, "first message sent", $"{first:0.000} s");
            Row(table, "all sent, outcomes on disk", $"{result.SentSeconds:0.000} s");
            Row(table, "all events in Redis", $"{result.PublishedSeconds:0.000} s");
            Row(table, "messages per second", $"{result.MessagesPerSecond:N0}");
            Row(table, "delivered / other", $"{result.Delivered:N0} / {result.OtherOutcomes:N0}");
        }

        if (result.FirstTenthPerSecond is { } begin && result.LastTenthPerSecond is { } end)
            Row(table, "first tenth / last tenth", $"{begin:N0} / {end:N0} a second");
        if (result.Dkim is { } dkim)
        {
            Row(table, "without DKIM", $"{dkim.PlainPerSecond:N0} a second");
            Row(table, "signatures alone, all cores", $"{dkim.SignaturesPerSecond:N0} a second");
            Row(table, "expected of both", $"{dkim.ExpectedPerSecond:N0} a second");
            Row(table, "measured of expected", $"{dkim.OfExpected * 100:0.0} %");
        }

        Row(table, "CPU seconds", $"{string.Join(", ", result.CpuSeconds.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:0.00}")))}");
        Row(table, "Mta CPU a message", $"{result.CpuMicrosecondsPerMessage:0.0} µs");
        Row(table, "Mta peak memory", $"{result.MtaPeakRssBytes / Megabyte:N0} MB");
        foreach (var (part, share) in result.Parts ?? new Dictionary<string, double>())
            Row(table, "  " + part, $"{share * 100:0.0} %");
        console.Write(table);
        console.WriteLine($"{result.Machine.Cores} cores, {result.Machine.Cpu}, Linux {result.Machine.Kernel}, {result.Machine.Runtime}");
    }

    private static void Row(Table table, string name, FormattableString text) =>
        table.AddRow(Markup.Escape(name), Markup.Escape(text.ToString(CultureInfo.InvariantCulture)));
}
