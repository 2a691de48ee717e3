using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Looks through the words of a statement, outside literals and comments, for what reaches out and no syntax tree shows:
/// settings, inline disks, the conditions of SHOW, the expressions of VALUES, and paths in place of tables.
/// </summary>
internal sealed class ExternalTokenGuard(ExternalNames names)
{
    private static readonly string[] Naming = ["TABLE", "INTO", "EXISTS", "VIEW", "DICTIONARY", "."];
    private static readonly string[] TablePlaces = ["FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "DESC", "EXISTS", "AS"];
    private static readonly string[] ClauseEnds = ["SELECT", "WHERE", "PREWHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "SETTINGS", "WINDOW", "QUALIFY"];
    private static readonly string[] SourceKeys = ["HOST", "PORT", "QUERY", "WHERE", "NAME", "INVALIDATE_QUERY"];

    private const string IdentifierType = "Identifier";

    /// <exception cref="EngineException">Code 497: a word reaches out.</exception>
    public void Check(ReadOnlySpan<byte> sql)
    {
        var reader = new SqlTokenReader(sql);
        string previous = string.Empty, before = string.Empty, verb = string.Empty;
        bool dictionary = false, source = false;
        var tables = new Stack<bool>([false]);
        while (reader.Read())
        {
            while (tables.Count <= reader.Depth) tables.Push(false);
            while (tables.Count > Math.Max(1, reader.Depth + 1)) tables.Pop();
            if (reader.Kind == SqlTokenKind.Quoted && reader.Token[0] is (byte)'\'' or (byte)'$')
            {
                var place = TablePlaces.Contains(previous) || (previous == "," && tables.Peek());
                if (place && reader.Token.Contains((byte)'/')) throw Refuse("A path in place of a table is");
                before = previous;
                previous = "'";
                continue;
            }

            if (reader.IsSymbol((byte)'(') && names.IsCall(previous) && !Naming.Contains(before)) throw Refuse($"{previous} is");
            if (reader.IsSymbol((byte)'=') && ExternalNames.IsSetting(previous)) throw Refuse($"The setting {previous} is");
            var word = Word(reader);
            if (verb.Length == 0) verb = word;
            if (word is "FROM" or "JOIN") Mark(tables, true);
            else if (ClauseEnds.Contains(word)) Mark(tables, false);
            if (verb == "ATTACH" && word == "FROM") throw Refuse("ATTACH FROM a path is");
            dictionary |= word == "DICTIONARY" && verb is "CREATE" or "REPLACE" or "ATTACH";
            source |= dictionary && word == "SOURCE";
            if (source && SourceKeys.Contains(word.ToUpperInvariant())) throw Refuse($"A dictionary source with {word} is");
            before = previous;
            previous = word;
        }
    }

    /// <summary>A bound identifier must hold to the same rule as a written one.</summary>
    /// <exception cref="EngineException">Code 497.</exception>
    public static void CheckParameters(string sql, StatementParameters parameters)
    {
        if (!sql.Contains("Identifier", StringComparison.OrdinalIgnoreCase)) return;
        var identifiers = BoundIdentifiers(sql);
        for (var i = 0; i < parameters.Values.Count; i++)
        {
            if ((identifiers is null || identifiers.Contains(parameters.Names[i])) && parameters.Values[i].AsSpan().ContainsAny('/', '\\', '\n'))
                throw Refuse("A path or an escape in an identifier is");
        }
    }

    /// <summary>The first word or quoted identifier that is one of these; null when there is none.</summary>
    public static string? Names(string sql, IReadOnlySet<string> wanted)
    {
        for (var reader = new SqlTokenReader(Encoding.UTF8.GetBytes(sql)); reader.Read();)
            if (reader.Kind != SqlTokenKind.Symbol && wanted.Contains(Encoding.UTF8.GetString(reader.Token).Trim('`', '"')))
                return Encoding.UTF8.GetString(reader.Token);
        return null;
    }

    public static EngineException Refuse(string what) => EngineException.Of(
        497, "ACCESS_DENIED", what + " not allowed: it reaches past the tables. EmbeddedClickHouse:AllowExternalSources opens files and the net to this user");

    /// <summary>The names in <c>{name:Identifier}</c>; null when the word stands in any other place, so that each value counts as one.</summary>
    private static HashSet<string>? BoundIdentifiers(string sql)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        int bound = 0, named = 0;
        for (var at = sql.IndexOf(IdentifierType, StringComparison.OrdinalIgnoreCase); at >= 0; at = sql.IndexOf(IdentifierType, at + 1, StringComparison.OrdinalIgnoreCase)) named++;
        string before = string.Empty, name = string.Empty, previous = string.Empty;
        for (var reader = new SqlTokenReader(Encoding.UTF8.GetBytes(sql)); reader.Read();)
        {
            var word = Encoding.UTF8.GetString(reader.Token);
            if (before == "{" && previous == ":" && word.Equals(IdentifierType, StringComparison.OrdinalIgnoreCase))
            {
                names.Add(name);
                bound++;
            }

            (before, name, previous) = (name, previous, word);
        }

        return bound == named ? names : null;
    }

    private static void Mark(Stack<bool> tables, bool open)
    {
        tables.Pop();
        tables.Push(open);
    }

    /// <summary>Upper case for what is not quoted. The engine's own lexer takes typographic quotes and blanks, which this one does not know.</summary>
    private static string Word(in SqlTokenReader reader)
    {
        var token = reader.Token;
        if (reader.Kind != SqlTokenKind.Quoted)
        {
            if (!Ascii.IsValid(token)) throw Refuse("A character beyond ASCII outside quotes is");
            return Encoding.ASCII.GetString(token).ToUpperInvariant();
        }

        var name = token.Trim((byte)token[0]);
        if (name.ContainsAny((byte)'/', (byte)'\\', (byte)'\n')) throw Refuse("A path or an escape in an identifier is");
        return Encoding.UTF8.GetString(name);
    }
}
