using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Keeps the user <c>reader</c> inside the tables. <c>readonly=1</c> refuses writes, settings and nearly every table
/// function, but the function <c>file('/path')</c> reads any file under it, and APPLY may name a function that the
/// syntax tree does not show. So the tree, as the engine prints it after binding parameters, is searched first. The
/// same for the system tables that show what others do, which need no right. <see cref="AccessFile"/> is the second wall.
/// </summary>
internal sealed class ReaderGuard(EngineHost engine)
{
    private static readonly HashSet<string> PureTableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "numbers", "numbers_mt", "zeros", "zeros_mt", "generateSeries", "generate_series", "values", "null", "primes",
        "format", "dictionary", "generateRandom", "view",
    };

    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "file", "catboostEvaluate", "aiClassify", "aiEmbed", "aiExtract", "aiGenerate", "aiTranslate",
    };

    private static readonly HashSet<string> SystemTables = new(StringComparer.Ordinal)
    {
        "one", "numbers", "numbers_mt", "zeros", "zeros_mt", "tables", "columns", "databases", "parts", "parts_columns", "functions", "settings",
        "formats", "data_type_families", "table_functions", "table_engines", "build_options", "contributors", "time_zones", "keywords", "collations",
    };

    private static readonly HashSet<string> SystemDatabases = new(StringComparer.OrdinalIgnoreCase) { "system", "information_schema" };

    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal) { "TABLES", "DATABASES", "COLUMNS", "FIELDS", "CREATE", "FULL", "EXTENDED", "INDEX", "INDEXES", "KEYS" };

    /// <exception cref="EngineException">Code 497: the statement is none that a reader may run.</exception>
    public void Check(EngineConnection connection, QueryRequest request, StatementText text, StatementAnalysis analysis, string sql)
    {
        if (analysis.Class != StatementClass.ReadOnly) throw Refuse("only SELECT, SHOW, DESCRIBE and EXISTS are");
        if (SystemDatabases.Contains(request.Database)) throw Refuse($"the database {request.Database} as the current one is not");
        if (!text.IsSelect)
        {
            // Their conditions are not in the printed tree, so they are taken without function calls only.
            if (text.Verb is "DESCRIBE" or "DESC" or "EXISTS" or "SHOW" && (text.Verb != "SHOW" || Shown.Contains(text.Object)) && !sql.Contains('(', StringComparison.Ordinal)) return;
            throw Refuse("only SELECT, and SHOW of tables, DESCRIBE and EXISTS without function calls are");
        }

        // readonly = 1 binds the settings of the whole statement; the engine takes those of a subquery all the same.
        if (SetsSettings(sql)) throw Refuse("SETTINGS are not");
        using var tree = connection.Query("EXPLAIN AST " + sql, "TabSeparatedRaw", request.Parameters);
        foreach (var line in Encoding.UTF8.GetString(tree.Data.Span).Split('\n')) CheckNode(line.Trim(), request.Account != 0);
    }

    private static bool SetsSettings(string sql)
    {
        var words = 0;
        for (var reader = new SqlTokenReader(Encoding.UTF8.GetBytes(sql)); reader.Read();)
        {
            if (words == 2 && reader.IsSymbol((byte)'=')) return true;
            words = reader.Is("SETTINGS"u8) ? 1 : words == 1 && reader.Kind == SqlTokenKind.Word ? 2 : 0;
        }

        return false;
    }

    private void CheckNode(string node, bool oneAccount)
    {
        if (node == "Set") throw Refuse("SETTINGS are not");
        if (node.StartsWith("ColumnsApplyTransformer", StringComparison.Ordinal)) throw Refuse("APPLY is not");
        var name = NameAfter(node, "Function ");
        if (name is not null && (Functions.Contains(name) || (engine.TableFunctions.Contains(name) && !PureTableFunctions.Contains(name))))
            throw Refuse($"the function {name} is not");
        if (oneAccount && name == "dictionary") throw Refuse("the function dictionary is not");

        // A function may be passed by its name, as in arrayMap(file, …), and a table be named as in x IN system.processes.
        name = NameAfter(node, "Identifier ");
        if (name is not null && Functions.Contains(name)) throw Refuse($"the name {name} is not");
        name = NameAfter(node, "TableIdentifier ") ?? name;
        if (name?.Split('.') is [var database, .. var rest] && rest.Length > 0 && SystemDatabases.Contains(database)
            && (oneAccount || !SystemTables.Contains(string.Join('.', rest))))
            throw Refuse($"the table {name} is not");
    }

    private static string? NameAfter(string node, string kind)
    {
        if (!node.StartsWith(kind, StringComparison.Ordinal)) return null;
        var end = node.IndexOf(" (", kind.Length, StringComparison.Ordinal);
        return (end < 0 ? node[kind.Length..] : node[kind.Length..end]).Trim();
    }

    private static EngineException Refuse(string what) =>
        EngineException.Of(497, "ACCESS_DENIED", $"reader: Not enough privileges: {what} allowed for this user");
}
