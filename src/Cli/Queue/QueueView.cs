using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Delivery.Cli.Queue;

/// <summary>The queue as the operator sees it.</summary>
internal static class QueueView
{
    private static readonly string[] States = ["waiting", "held", "in_flight", "deferred"];

    public static void Write(IAnsiConsole console, JsonElement summary)
    {
        var counts = new Table { Border = TableBorder.Rounded };
        counts.AddColumns("", "recipients");
        counts.Columns[1].RightAligned();
        foreach (var state in States)
            counts.AddRow(state.Replace('_', ' '), Text(summary.GetProperty("counts").GetProperty(state)));
        console.Write(counts);
        var oldest = summary.GetProperty("oldest");
        Since(console, "waiting since", oldest.GetProperty("waiting_since"));
        Since(console, "due since", oldest.GetProperty("due_since"));
        if (summary.GetProperty("domains").GetArrayLength() > 0)
            console.Write(Domains(summary.GetProperty("domains")));
        if (summary.GetProperty("reasons").GetArrayLength() > 0)
            console.Write(Reasons(summary.GetProperty("reasons")));
        if (summary.GetProperty("approximate").GetBoolean())
            console.WriteLine($"Domains and reasons are of the first {Text(summary.GetProperty("scanned"))} recipients looked at; more wait.");
    }

    /// <summary>One recipient in one line.</summary>
    public static string Line(JsonElement one)
    {
        var next = one.TryGetProperty("next_attempt", out var due) ? $", next {due.GetString()}" : "";
        var reason = one.TryGetProperty("reason", out var reply) ? $": {reply.GetString()}" : "";
        return $"{one.GetProperty("state").GetString()} {one.GetProperty("job").GetString()}/{Text(one.GetProperty("ordinal"))} {one.GetProperty("email").GetString()}"
            + $", since {one.GetProperty("since").GetString()}, {Text(one.GetProperty("attempts"))} attempts{next}{reason}";
    }

    private static Table Domains(JsonElement domains)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns(["domain", .. States.Select(state => state.Replace('_', ' '))]);
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var one in domains.EnumerateArray())
            table.AddRow([Markup.Escape(one.GetProperty("domain").GetString()!), .. States.Select(state => Text(one.GetProperty(state)))]);
        return table;
    }

    private static Table Reasons(JsonElement reasons)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("recipients", "class", "last reply");
        table.Columns[0].RightAligned();
        foreach (var one in reasons.EnumerateArray())
            table.AddRow(Text(one.GetProperty("recipients")), Markup.Escape(one.GetProperty("class").GetString()!), Markup.Escape(one.GetProperty("reason").GetString()!));
        return table;
    }

    private static void Since(IAnsiConsole console, string what, JsonElement time)
    {
        if (time.ValueKind == JsonValueKind.String)
            console.WriteLine($"{what} {time.GetString()}");
    }

    private static string Text(JsonElement number) => number.GetInt64().ToString(CultureInfo.InvariantCulture);
}
