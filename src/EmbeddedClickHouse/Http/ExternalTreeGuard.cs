using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Looks through the syntax tree that the engine prints, after it has bound the parameters, for what reaches out.
/// Names with line ends are not for it to find: <see cref="ExternalTokenGuard"/> refuses them before.
/// </summary>
internal sealed class ExternalTreeGuard(ExternalNames names)
{
    private static readonly string[] Refused =
        ["BackupQuery", "CreateNamedCollectionQuery", "AlterNamedCollectionQuery", "CreateWasm", "CreateFunction", "ExternalDDL"];

    /// <exception cref="EngineException">Code 497: a node reaches out. Or the statement does not parse.</exception>
    public void Check(EngineConnection connection, string sql, StatementParameters parameters)
    {
        using var tree = connection.Query("EXPLAIN AST " + sql, "TabSeparatedRaw", parameters);
        var applies = false;
        foreach (var line in Encoding.UTF8.GetString(tree.Data.Span).Split('\n'))
        {
            var node = line.Trim();
            applies |= node.StartsWith("ColumnsApplyTransformer", StringComparison.Ordinal);
            CheckNode(node);
        }

        // The tree does not show what APPLY names.
        if (applies && ExternalTokenGuard.Names(sql, ExternalNames.Functions) is { } name) throw ExternalTokenGuard.Refuse($"The function {name} is");
    }

    private void CheckNode(string node)
    {
        foreach (var kind in Refused)
            if (node.StartsWith(kind, StringComparison.Ordinal)) throw ExternalTokenGuard.Refuse($"{kind} is");
        if (NameAfter(node, "Function ") is { } call && names.IsCall(call)) throw ExternalTokenGuard.Refuse($"{call} is");
        if (NameAfter(node, "Identifier ") is { } name && ExternalNames.Functions.Contains(name)) throw ExternalTokenGuard.Refuse($"The function {name} is");
        if (NameAfter(node, "TableIdentifier ") is { } table && table.Contains('/', StringComparison.Ordinal))
            throw ExternalTokenGuard.Refuse("A path in place of a table is");
        if (NameAfter(node, "FunctionWithKeyValueArguments ") is { } source && source is not ("clickhouse" or "null"))
            throw ExternalTokenGuard.Refuse($"The dictionary source {source} is");
    }

    private static string? NameAfter(string node, string kind)
    {
        if (!node.StartsWith(kind, StringComparison.Ordinal)) return null;
        var end = node.IndexOf(" (", kind.Length, StringComparison.Ordinal);
        return (end < 0 ? node[kind.Length..] : node[kind.Length..end]).Trim();
    }
}
