using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Keeps the user <c>reader</c> inside the tables. <c>readonly=1</c> refuses writes, settings and nearly every table
/// function, but the function <c>file('/path')</c> reads any file under it, and APPLY may name a function that the
/// syntax tree does not show. So the tree, as the engine prints it after binding parameters, is searched first.
/// </summary>
internal sealed class ReaderGuard(EngineHost engine)
{
    private static readonly HashSet<string> PureTableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "numbers", "numbers_mt", "zeros", "zeros_mt", "generateSeries", "generate_series", "values", "null", "primes",
        "merge", "format", "dictionary", "generateRandom",
    };

    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "file", "catboostEvaluate", "aiClassify", "aiEmbed", "aiExtract", "aiGenerate", "aiTranslate",
    };

    /// <exception cref="EngineException">Code 497: the statement is none that a reader may run.</exception>
    public void Check(EngineConnection connection, StatementText text, StatementAnalysis analysis, string sql, StatementParameters parameters)
    {
        if (analysis.Class != StatementClass.ReadOnly) throw Refuse("only SELECT, SHOW, DESCRIBE and EXISTS are");
        if (!text.IsSelect)
        {
            // Their conditions are not in the printed tree, so they are taken without function calls only.
            if (text.Verb is "SHOW" or "DESCRIBE" or "DESC" or "EXISTS" && !sql.Contains('(', StringComparison.Ordinal)) return;
            throw Refuse("only SELECT, and SHOW, DESCRIBE and EXISTS without function calls are");
        }

        using var tree = connection.Query("EXPLAIN AST " + sql, "TabSeparatedRaw", parameters);
        foreach (var line in Encoding.UTF8.GetString(tree.Data.Span).Split('\n')) CheckNode(line.Trim());
    }

    private void CheckNode(string node)
    {
        if (node.StartsWith("ColumnsApplyTransformer", StringComparison.Ordinal)) throw Refuse("APPLY is not");
        var name = NameAfter(node, "Function ");
        if (name is not null && (Functions.Contains(name) || (engine.TableFunctions.Contains(name) && !PureTableFunctions.Contains(name))))
            throw Refuse($"the function {name} is not");

        // A function may be passed by its name, as in arrayMap(file, …).
        name = NameAfter(node, "Identifier ");
        if (name is not null && Functions.Contains(name)) throw Refuse($"the name {name} is not");
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
