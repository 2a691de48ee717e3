using System.Globalization;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>An error in ClickHouse's terms: a numeric code, and the text a server would answer with.</summary>
internal sealed class EngineException(int code, string message) : Exception(message)
{
    private const string Prefix = "Code: ";

    public int Code { get; } = code;

    /// <summary>Builds an error of this front in the engine's form, e.g. <c>Code: 115. DB::Exception: … (UNKNOWN_SETTING)</c>.</summary>
    public static EngineException Of(int code, string name, string text) =>
        new(code, string.Create(CultureInfo.InvariantCulture, $"Code: {code}. DB::Exception: {text} ({name})"));

    /// <summary>
    /// Reads the code out of the engine's text. Nested wrapping (<c>Code: 164. DB::Exception: Code: 164. DB::Exception: …</c>)
    /// is what the client layer of chdb adds to an error it rethrows; the repeated head and what follows the version is dropped.
    /// </summary>
    public static EngineException FromEngine(string text)
    {
        var rest = text.AsSpan();
        if (rest.StartsWith("Error: ", StringComparison.Ordinal)) rest = rest[7..];
        if (!TryReadHead(rest, out var code, out var body))
            return Of(1002, "UNKNOWN_EXCEPTION", text);
        while (TryReadHead(body, out var inner, out var next) && inner == code)
        {
            rest = body;
            body = next;
        }

        const string version = " (version ";
        var tail = rest.IndexOf(version, StringComparison.Ordinal);
        var close = tail < 0 ? -1 : rest[tail..].IndexOf(')');
        return new EngineException(code, (close < 0 ? rest : rest[..(tail + close + 1)]).ToString());
    }

    private static bool TryReadHead(ReadOnlySpan<char> text, out int code, out ReadOnlySpan<char> body)
    {
        code = 0;
        body = default;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var dot = text.IndexOf('.');
        if (dot < 0 || !int.TryParse(text[Prefix.Length..dot], NumberStyles.None, CultureInfo.InvariantCulture, out code)) return false;
        const string type = " DB::Exception: ";
        if (!text[(dot + 1)..].StartsWith(type, StringComparison.Ordinal)) return false;
        body = text[(dot + 1 + type.Length)..];
        return true;
    }
}
