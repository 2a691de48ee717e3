using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Refuses what a server refuses over HTTP and what would reach past the engine into this process.</summary>
internal sealed class StatementPolicy(ReaderGuard readers, ExternalTreeGuard trees, ExternalTokenGuard tokens, EngineOptions options)
{
    private const string Interpret = "input_format_values_interpret_expressions";
    private static readonly HashSet<string> RefusedSystem = new(StringComparer.Ordinal) { "SHUTDOWN", "KILL", "SUSPEND" };

    /// <exception cref="EngineException">The statement is refused; it was not run.</exception>
    public void Check(EngineConnection connection, QueryRequest request, StatementText text, string sql)
    {
        if (text.Verb.Length == 0) throw EngineException.Of(62, "SYNTAX_ERROR", "Syntax error: empty query");
        if (text.TouchesClientFiles)
            throw EngineException.Of(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE and FROM INFILE are not allowed over HTTP");
        if (text.Verb == "SYSTEM" && RefusedSystem.Contains(text.Object))
            throw EngineException.Of(497, "ACCESS_DENIED", "SYSTEM " + text.Object + " is not allowed: stop the process with SIGTERM");
        var analysis = connection.Analyze(sql);
        if (analysis.Statements > 1)
            throw EngineException.Of(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed): send one statement per request");
        if (analysis.Statements == 0 && connection.FindSyntaxError(sql) is { } error) throw error;
        HomeDatabases.Check(sql);
        if (request.ReadOnlySession && analysis.Class != StatementClass.ReadOnly)
            throw EngineException.Of(164, "READONLY", "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly");
        if (!options.AllowExternalSources)
        {
            tokens.Check(Encoding.UTF8.GetBytes(sql));
            ExternalTokenGuard.CheckParameters(sql, request.Parameters);
            trees.Check(connection, sql, request.Parameters);
        }

        if (request.Reader) readers.Check(connection, request, text, analysis, sql);
    }

    /// <summary>
    /// For an INSERT whose rows are streamed. VALUES may hold expressions: those in the text are looked through, and in
    /// a body that goes on after it none are taken.
    /// </summary>
    /// <exception cref="EngineException">The statement is refused; it was not run.</exception>
    public void CheckInsert(EngineConnection connection, Statement statement)
    {
        if (options.AllowExternalSources) return;
        tokens.Check(Encoding.UTF8.GetBytes(statement.Sql));
        if (!string.Equals(statement.Text.Format, "Values", StringComparison.OrdinalIgnoreCase)) return;
        if (statement.Body is null)
        {
            tokens.Check(statement.Rows.Span);
            return;
        }

        if (statement.Sql.Contains(Interpret, StringComparison.OrdinalIgnoreCase)) throw ExternalTokenGuard.Refuse($"The setting {Interpret} is");
        connection.Query($"SET {Interpret} = 0, input_format_values_deduce_templates_of_expressions = 0", "Null", StatementParameters.None).Dispose();
    }
}
