using System.Globalization;
using System.Text;

namespace Delivery.Aggregator.Reports;

/// <summary>
/// The click breakdown as RFC 4180. A field that a spreadsheet would run as a formula (it begins with <c>= + - @</c>, a tab or
/// a carriage return) is led by an apostrophe.
/// </summary>
internal static class ClicksCsv
{
    public static string Write(IEnumerable<LinkReport> links)
    {
        var csv = new StringBuilder();
        AppendRow(csv, "position", "link", "part", "url", "text", "clicks", "unique_clicks", "share", "machine_clicks", "unique_machine_clicks");
        foreach (var link in links)
        {
            AppendRow(
                csv,
                Number(link.Position),
                Number(link.Link),
                link.Part,
                link.Url,
                link.Text,
                Number(link.Clicks),
                Number(link.UniqueClicks),
                link.Share?.ToString("0.######", CultureInfo.InvariantCulture) ?? "",
                Number(link.MachineClicks),
                Number(link.UniqueMachineClicks));
        }

        return csv.ToString();
    }

    private static void AppendRow(StringBuilder csv, params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                csv.Append(',');
            AppendField(csv, fields[i]);
        }

        csv.Append("\r\n");
    }

    private static void AppendField(StringBuilder csv, string value)
    {
        var formula = value.Length > 0 && "=+-@\t\r".Contains(value[0], StringComparison.Ordinal);
        var quoted = formula || value.AsSpan().ContainsAny(",\"\r\n");
        if (quoted)
            csv.Append('"');
        if (formula)
            csv.Append('\'');
        foreach (var c in value)
        {
            if (c == '"')
                csv.Append('"');
            csv.Append(c);
        }

        if (quoted)
            csv.Append('"');
    }

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
