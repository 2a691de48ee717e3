using System.Text;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// What this front must know of a statement before the engine sees it: whether rows follow it, in which format, and
/// whether it is one of those that the engine's client layer would carry out itself. All else is the engine's to judge.
/// </summary>
internal sealed record StatementText
{
    /// <summary>The first word in upper case, or <c>(</c>; empty for an empty text.</summary>
    public string Verb { get; private init; } = string.Empty;

    /// <summary>The second word in upper case when there is one.</summary>
    public string Object { get; private init; } = string.Empty;

    /// <summary>The format named in the text: of the rows for an INSERT, of the result otherwise.</summary>
    public string? Format { get; private init; }

    /// <summary>INSERT without SELECT: rows follow, inline or in the body.</summary>
    public bool TakesRows { get; private init; }

    /// <summary>Where FORMAT or VALUES begins; the engine is given the text before it.</summary>
    public int HeadLength { get; private init; }

    /// <summary>Where the rows begin.</summary>
    public int RowsStart { get; private init; }

    /// <summary>INTO OUTFILE or FROM INFILE: the engine would read or write files of this process.</summary>
    public bool TouchesClientFiles { get; private init; }

    /// <summary>The same statement with its rows left in the text, for the engine to find.</summary>
    public StatementText WithRowsInText() => this with { TakesRows = false };

    public bool IsSelect => Verb is "SELECT" or "WITH" or "FROM" or "(";

    public static StatementText Parse(ReadOnlySpan<byte> sql, IReadOnlySet<string> outputFormats)
    {
        var reader = new SqlTokenReader(sql);
        if (!reader.Read()) return new StatementText();
        var verb = Upper(reader);
        if (verb == "INSERT") return ParseInsert(sql);
        var second = string.Empty;
        string? format = null;
        var outfile = false;
        for (var previous = verb; reader.Read();)
        {
            var word = Upper(reader);
            if (second.Length == 0) second = word;
            outfile |= previous == "INTO" && word == "OUTFILE";
            if (previous == "FORMAT" && reader.Depth == 0 && reader.Kind == SqlTokenKind.Word)
            {
                var name = Encoding.UTF8.GetString(reader.Token);
                if (outputFormats.Contains(name)) format = name;
            }

            previous = word;
        }

        return new StatementText { Verb = verb, Object = second, Format = format, TouchesClientFiles = outfile };
    }

    private static StatementText ParseInsert(ReadOnlySpan<byte> sql)
    {
        var reader = new SqlTokenReader(sql);
        reader.Read();
        var previous = "INSERT";
        while (reader.Read())
        {
            var word = Upper(reader);
            var named = previous is "INTO" or "TABLE" or "FUNCTION" or "." or "FORMAT";
            if (word is "SELECT" or "WITH" && !named && (reader.Depth == 0 || previous == "("))
                return new StatementText { Verb = "INSERT" };
            if (reader.Depth == 0 && !named)
            {
                if (previous == "FROM" && word == "INFILE") return new StatementText { Verb = "INSERT", TouchesClientFiles = true };
                if (word == "VALUES") return WithRows(sql, "Values", reader.Start, reader.End);
                if (word == "FORMAT")
                {
                    var head = reader.Start;
                    if (!reader.Read() || reader.Kind != SqlTokenKind.Word) break;
                    return WithRows(sql, Encoding.UTF8.GetString(reader.Token), head, SkipToRows(sql, reader.End));
                }
            }

            previous = word;
        }

        return new StatementText { Verb = "INSERT" };
    }

    private static StatementText WithRows(ReadOnlySpan<byte> sql, string format, int head, int rows) =>
        new() { Verb = "INSERT", TakesRows = true, Format = format, HeadLength = head, RowsStart = Math.Min(rows, sql.Length) };

    /// <summary>As in ClickHouse: blanks and one line end separate the format's name from the first row.</summary>
    private static int SkipToRows(ReadOnlySpan<byte> sql, int at)
    {
        while (at < sql.Length && sql[at] is (byte)' ' or (byte)'\t' or (byte)'\f') at++;
        if (at < sql.Length && sql[at] == (byte)'\r') at++;
        if (at < sql.Length && sql[at] == (byte)'\n') at++;
        return at;
    }

    private static string Upper(in SqlTokenReader reader) =>
        reader.Kind == SqlTokenKind.Quoted ? string.Empty
        : reader.Token.Length > 16 ? "-"
        : Encoding.UTF8.GetString(reader.Token).ToUpperInvariant();
}
