using System.Buffers;
using System.Globalization;
using System.Text;

namespace Delivery.Aggregator.Reports;

/// <summary>
/// Fields of RFC 4180. A text that a spreadsheet would run as a formula (it begins with <c>= + - @</c>, narrow or wide, a tab or a line break)
/// is led by an apostrophe; numbers are written as they are. A semicolon is quoted too: where the comma is the decimal sign, spreadsheets split at it.
/// </summary>
internal static class CsvText
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",;\"\t\r\n");

    /// <summary>Ends a row.</summary>
    public static void EndRow(StringBuilder csv) => csv.Append("\r\n");

    public static void AppendText(StringBuilder csv, string value)
    {
        var formula = value.Length > 0 && "=+-@\t\r\n＝＋－＠".Contains(value[0], StringComparison.Ordinal);
        var quoted = formula || value.AsSpan().ContainsAny(NeedQuotes);
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

    /// <summary>A value of a column: empty for null, six decimals at most for what is not too small for them, times as ISO 8601.</summary>
    public static void AppendValue(StringBuilder csv, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case bool flag:
                csv.Append(flag ? "true" : "false");
                break;
            case double number:
                csv.Append(number.ToString(number == 0 || Math.Abs(number) >= 0.000001 ? "0.######" : "R", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                csv.Append(time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture));
                break;
            case string text:
                AppendText(csv, text);
                break;
            case IFormattable number:
                csv.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                AppendText(csv, value.ToString() ?? "");
                break;
        }
    }
}
