using System.Text;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Steps over ClickHouse SQL far enough to find clauses: words, quoted things as one token each, single symbols.
/// Comments and white space are skipped. It works on bytes because rows in any encoding may follow an INSERT.
/// </summary>
internal ref struct SqlTokenReader(ReadOnlySpan<byte> sql)
{
    private readonly ReadOnlySpan<byte> _sql = sql;

    public int Start { get; private set; }

    public int End { get; private set; }

    /// <summary>Open parentheses, brackets and braces around the token; the closing one counts as outside.</summary>
    public int Depth { get; private set; }

    public SqlTokenKind Kind { get; private set; }

    public readonly ReadOnlySpan<byte> Token => _sql[Start..End];

    public readonly bool Is(ReadOnlySpan<byte> upperWord) => Kind == SqlTokenKind.Word && Ascii.EqualsIgnoreCase(Token, upperWord);

    public readonly bool IsSymbol(byte symbol) => Kind == SqlTokenKind.Symbol && _sql[Start] == symbol;

    public bool Read()
    {
        var at = SkipBlank(End);
        Start = at;
        if (at >= _sql.Length)
        {
            End = at;
            return false;
        }

        var first = _sql[at];
        if (first is (byte)'\'' or (byte)'"' or (byte)'`')
        {
            Kind = SqlTokenKind.Quoted;
            End = SkipQuoted(at, first);
        }
        else if (IsWordByte(first))
        {
            Kind = SqlTokenKind.Word;
            while (at < _sql.Length && IsWordByte(_sql[at])) at++;
            End = at;
        }
        else if (first == (byte)'$' && TrySkipHeredoc(at, out var end))
        {
            Kind = SqlTokenKind.Quoted;
            End = end;
        }
        else
        {
            Kind = SqlTokenKind.Symbol;
            End = at + 1;
            if (first is (byte)'(' or (byte)'[' or (byte)'{') Depth++;
            if (first is (byte)')' or (byte)']' or (byte)'}') Depth--;
        }

        return true;
    }

    private static bool IsWordByte(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or >= 0x80;

    private readonly int SkipBlank(int at)
    {
        while (at < _sql.Length)
        {
            var rest = _sql[at..];
            if (rest[0] <= (byte)' ') at++;
            else if (rest.StartsWith("--"u8) || rest.StartsWith("#!"u8) || rest.StartsWith("# "u8))
                at = Find(at, "\n"u8);
            else if (rest.StartsWith("/*"u8)) at = Find(at + 2, "*/"u8);
            else break;
        }

        return at;
    }

    private readonly int Find(int from, ReadOnlySpan<byte> mark)
    {
        var found = _sql[Math.Min(from, _sql.Length)..].IndexOf(mark);
        return found < 0 ? _sql.Length : from + found + mark.Length;
    }

    private readonly int SkipQuoted(int at, byte quote)
    {
        for (at++; at < _sql.Length; at++)
        {
            if (_sql[at] == (byte)'\\') at++;
            else if (_sql[at] == quote && (at + 1 >= _sql.Length || _sql[at + 1] != quote)) return at + 1;
            else if (_sql[at] == quote) at++;
        }

        return _sql.Length;
    }

    private readonly bool TrySkipHeredoc(int at, out int end)
    {
        end = at;
        var close = _sql[(at + 1)..].IndexOf((byte)'$');
        if (close < 0) return false;
        var tag = _sql.Slice(at, close + 2);
        foreach (var value in tag[1..^1])
            if (!IsWordByte(value)) return false;
        end = Find(at + tag.Length, tag);
        return true;
    }
}
