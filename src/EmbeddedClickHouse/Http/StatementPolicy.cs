using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Refuses what a server refuses over HTTP and what would reach past the engine into this process.</summary>
internal sealed class StatementPolicy(ReaderGuard readers)
{
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
        if (request.Reader) readers.Check(connection, text, analysis, sql, request.Parameters);
    }
}
