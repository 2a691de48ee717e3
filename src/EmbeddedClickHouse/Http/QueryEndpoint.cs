using System.Globalization;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>ClickHouse's HTTP interface: <c>GET</c> reads, <c>POST</c> may also write.</summary>
internal sealed class QueryEndpoint(
    EngineHost engine, StatementGate gate, Access access, QueryForm forms, QueryRequestReader requests, StatementReader statements, StatementPolicy policy,
    SelectRunner selects, EngineOptions options, ILogger<QueryEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Query.ContainsKey("query"))
            {
                await context.Response.WriteAsync("Ok.\n", context.RequestAborted);
                return;
            }

            var reader = access.IsReader(context.Request);
            var request = requests.Read(context.Request, await forms.ReadAsync(context.Request, context.RequestAborted), reader);
            var statement = await statements.ReadAsync(context.Request, request, context.RequestAborted);
            var writes = statement.Text.TakesRows;
            await gate.EnterAsync(writes, context.RequestAborted);
            try
            {
                await RunAsync(context, request, statement);
            }
            finally
            {
                gate.Leave(writes);
            }
        }
        catch (EngineException error) when (!context.Response.HasStarted)
        {
            await ErrorResponse.WriteAsync(context, engine, error);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            log.ClientLeft();
        }
        catch (Exception error) when (error is not EngineException)
        {
            log.Unexpected(error);
            if (context.Response.HasStarted) throw;
            await ErrorResponse.WriteAsync(context, engine, EngineException.Of(1002, "UNKNOWN_EXCEPTION", error.GetType().Name));
        }
    }

    private async Task RunAsync(HttpContext context, QueryRequest request, Statement statement)
    {
        // The engine gives a query no id of the caller's, so a mark in log_comment is what a later KILL finds it by.
        var reads = statement.Text.IsSelect;
        var mark = (reads ? StatementMark.Read : StatementMark.Write) + Guid.NewGuid().ToString("N") + "|";
        using var connection = engine.Open([new("log_comment", mark + request.LogComment), .. Limit(request, reads), .. request.Settings]);
        if (request.Database.Length > 0) await Task.Run(() => Use(connection, request.Database), context.RequestAborted);
        if (statement.Text.TakesRows)
        {
            if (request.Reader) throw EngineException.Of(497, "ACCESS_DENIED", "reader: Not enough privileges: INSERT is not allowed for this user");
            await Task.Run(() => policy.CheckInsert(connection, statement), context.RequestAborted);
            var written = await InsertRunner.RunAsync(connection, statement, context.RequestAborted);
            QueryResponse.Begin(context, engine, request, request.DefaultFormat, written);
            return;
        }

        await using var stop = reads
            ? context.RequestAborted.Register(() => _ = Task.Run(() => engine.Kill(mark)))
            : default;
        await Task.Run(() => policy.Check(connection, request, statement.Text, statement.Sql), CancellationToken.None);
        var format = statement.Text.Format ?? request.DefaultFormat;
        if (reads && !request.Buffered && OutputFormat.IsStreamed(format))
        {
            await selects.RunAsync(context, connection, request, statement, format);
            return;
        }

        using var result = await Task.Run(() => connection.Query(statement.Sql, request.DefaultFormat, request.Parameters), CancellationToken.None);
        QueryResponse.Begin(context, engine, request, format, result.Counts);
        if (!request.Compress) context.Response.ContentLength = result.Data.Length;
        if (result.Data.IsEmpty) return;
        await using var body = QueryResponse.OpenBody(context, request);
        await body.WriteAsync(result.Data, context.RequestAborted);
    }

    private IEnumerable<KeyValuePair<string, string>> Limit(QueryRequest request, bool reads) =>
        !reads || options.QueryTimeLimit == TimeSpan.Zero || request.Settings.Any(setting => setting.Key == "max_execution_time") ? []
        : [new("max_execution_time", options.QueryTimeLimit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture))];

    private static void Use(EngineConnection connection, string database)
    {
        var quoted = database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);
        connection.Query($"USE `{quoted}`", "Null", StatementParameters.None).Dispose();
    }
}
