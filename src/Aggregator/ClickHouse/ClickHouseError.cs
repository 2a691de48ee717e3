using System.Globalization;
using System.Text;

namespace Delivery.Aggregator.ClickHouse;

/// <summary>
/// Finds the error in an answer. ClickHouse sends most with a status of 4xx or 5xx, but one that comes up after
/// the answer has begun arrives inside a 200: in a header, or as a line in the body.
/// </summary>
internal static class ClickHouseError
{
    private const string CodeHeader = "X-ClickHouse-Exception-Code";
    private const int MaxMessage = 1_000;
    private const int TailBytes = 32 * 1024;

    /// <summary>Null where the answer is sound.</summary>
    public static ClickHouseException? Find(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (response.Headers.TryGetValues(CodeHeader, out var values))
            return new ClickHouseException(Number(string.Concat(values)), Text(body));
        if (!response.IsSuccessStatusCode)
            return new ClickHouseException(CodeIn(body), body.IsEmpty ? $"ClickHouse answered {(int)response.StatusCode}." : Text(body));
        var tail = body[Math.Max(0, body.Length - TailBytes)..];
        var line = ErrorLine(tail);
        return line < 0 ? null : new ClickHouseException(CodeIn(tail[line..]), Text(tail[line..]));
    }

    private static int ErrorLine(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (IsErrorLine(text[at..]))
                return at;
            var end = text[at..].IndexOf((byte)'\n');
            if (end < 0)
                return -1;
            at += end + 1;
        }

        return -1;
    }

    private static bool IsErrorLine(ReadOnlySpan<byte> line) =>
        line.StartsWith("__exception__"u8)
        || (line.StartsWith("Code: "u8) && line[..Math.Min(64, line.Length)].IndexOf(". DB::Exception"u8) > 0);

    private static int CodeIn(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOf("Code: "u8);
        if (start < 0)
            return 0;
        var digits = text[(start + 6)..];
        var end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return Number(Encoding.ASCII.GetString(end < 0 ? digits : digits[..end]));
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;

    private static string Text(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body[..Math.Min(MaxMessage, body.Length)]).ReplaceLineEndings(" ").Trim();
}
