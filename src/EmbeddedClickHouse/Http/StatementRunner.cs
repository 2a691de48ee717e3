using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Runs one statement on a connection of its own, or on its session's, and writes its answer.</summary>
internal sealed class StatementRunner(EngineHost engine, SessionTable sessions, StatementPolicy policy, SelectRunner selects, RunningStatements running, EngineOptions options)
{
    public async Task RunAsync(HttpContext context, QueryRequest request, Statement statement, RunningStatement call)
    {
        if (request.SessionId.Length == 0)
        {
            using var connection = await call.CallAsync(() => Open(request, statement, call));
            try
            {
                await RunAsync(context, request, statement, call, connection);
            }
            finally
            {
                await call.CallAsync(connection.Dispose);
            }

            return;
        }

        var session = sessions.Take(request.SessionId, request.SessionCheck);
        try
        {
            var connection = await call.CallAsync(() => session.Prepare(engine, [.. Settings(request, statement, call)], request.Database));
            await RunAsync(context, request, statement, call, connection);
        }
        finally
        {
            await call.CallAsync(() => sessions.Leave(request.SessionId, session, request.SessionTimeout));
        }
    }

    private async Task RunAsync(HttpContext context, QueryRequest request, Statement statement, RunningStatement call, EngineConnection connection)
    {
        if (statement.Text.TakesRows)
        {
            if (request.Reader) throw EngineException.Of(497, "ACCESS_DENIED", "reader: Not enough privileges: INSERT is not allowed for this user");
            await call.CallAsync(() => policy.CheckInsert(connection, statement));
            var written = await InsertRunner.RunAsync(call, connection, statement, context.RequestAborted);
            QueryResponse.Begin(context, engine, request, request.DefaultFormat, written);
            return;
        }

        var reads = statement.Text.IsSelect;
        await using var stop = reads
            ? context.RequestAborted.Register(() => _ = Task.Run(() => engine.Kill(call.Mark)))
            : default;
        await call.CallAsync(() => policy.Check(connection, request, statement.Text, statement.Sql));
        var format = statement.Text.Format ?? request.DefaultFormat;
        if (reads && !request.Buffered && OutputFormat.IsStreamed(format))
        {
            await selects.RunAsync(context, call, connection, request, statement, format);
            return;
        }

        var sql = KillQuery.IdOf(statement.Sql) is { } id && running.MarkOf(id) is { } mark ? KillQuery.Of(mark, statement.Sql) : statement.Sql;
        using var result = await call.CallAsync(() => connection.Query(sql, request.DefaultFormat, request.Parameters));
        QueryResponse.Begin(context, engine, request, format, result.Counts);

        // A client that has the whole answer may use its session again, so the end of the answer waits for the session.
        if (!request.Compress && request.SessionId.Length == 0) context.Response.ContentLength = result.Data.Length;
        if (result.Data.IsEmpty) return;
        await using var body = QueryResponse.OpenBody(context, request);
        await body.WriteAsync(result.Data, context.RequestAborted);
    }

    private EngineConnection Open(QueryRequest request, Statement statement, RunningStatement call)
    {
        var connection = engine.Open([.. Settings(request, statement, call)]);
        try
        {
            if (request.Reader)
                connection.Query("SET ROLE " + (request.Account == 0 ? AccessFile.ReaderRole : AccessFile.AccountRole), "Null", StatementParameters.None).Dispose();
            if (request.Database.Length > 0) Use(connection, request.Database);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The engine gives a query no id of the caller's, so a mark in log_comment is what a later KILL finds it by.</summary>
    private IEnumerable<KeyValuePair<string, string>> Settings(QueryRequest request, Statement statement, RunningStatement call)
    {
        yield return new("log_comment", call.Mark + request.LogComment);

        // What these caches remember of one account's rows must not stand in for another's.
        if (request.Account != 0)
        {
            yield return new("use_query_cache", "0");
            yield return new("use_query_condition_cache", "0");
        }

        if (TimeLimit.Default(request, statement, options) is { } limit) yield return limit;
        foreach (var setting in request.Settings) yield return setting;
    }

    private static void Use(EngineConnection connection, string database)
    {
        var quoted = database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);
        connection.Query($"USE `{quoted}`", "Null", StatementParameters.None).Dispose();
    }
}
