using System.Globalization;
using Spectre.Console;

namespace Delivery.Cli.Bench.Reports;

/// <summary>The result as tables.</summary>
internal static class ReportsText
{
    public static void Write(IAnsiConsole console, ReportsResult result)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Events:N0} events of {result.Recipients:N0} recipients in {result.Jobs:N0} jobs, {result.BytesOnDisk.Values.Sum() / 1e9:0.0} GB on disk"));
        if (result.Generated is { } made)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"made in {made.Seconds:N0} s, {made.EventsPerSecond:N0} events a second"));
        Write(console, "reports over HTTP", result.Reports);
        Write(console, "docs/sql-cookbook.md", result.Cookbook);
        console.WriteLine($"{result.Machine.Cores} cores, {result.Machine.Cpu}, Linux {result.Machine.Kernel}, {result.Machine.Runtime}");
    }

    private static void Write(IAnsiConsole console, string title, IReadOnlyList<QuestionFigures> questions)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns(title, "job of", "median ms", "worst ms", "rows read", "memory MB");
        for (var i = 1; i < table.Columns.Count; i++)
            table.Columns[i].RightAligned().NoWrap();
        foreach (var question in questions)
        {
            table.AddRow(
                Markup.Escape(question.Error is null ? question.Question : $"{question.Question}: {question.Error}"), Text($"{question.Job:N0}"), Text($"{question.MedianMs:N0}"),
                Text($"{question.WorstMs:N0}"), Text($"{question.ReadRows:N0}"), Text($"{question.MemoryBytes / 1e6:N0}"));
        }

        console.Write(table);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
