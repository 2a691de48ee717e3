using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>ClickHouse's HTTP interface: <c>GET</c> reads, <c>POST</c> may also write.</summary>
internal sealed class QueryEndpoint(
    EngineHost engine, StatementGate gate, Access access, QueryForm forms, QueryRequestReader requests, StatementReader statements,
    StatementRunner runner, RunningStatements running, EngineOptions options, TimeProvider time, ILogger<QueryEndpoint> log)
{
    /// <summary>How long a connection stays open after an error in the middle of a result, for the client to read up to it.</summary>
    private static readonly TimeSpan ErrorReadTime = TimeSpan.FromSeconds(1);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Query.ContainsKey("query"))
            {
                await context.Response.WriteAsync("Ok.\n", context.RequestAborted);
                return;
            }

            var caller = access.Identify(context.Request);
            var request = requests.Read(context.Request, await forms.ReadAsync(context.Request, context.RequestAborted), caller);
            var statement = await statements.ReadAsync(context.Request, request, context.RequestAborted);
            await gate.EnterAsync(statement.Text.TakesRows, context.RequestAborted);
            await RunAsync(context, request, statement);
        }
        catch (EngineException error) when (!context.Response.HasStarted)
        {
            await ErrorResponse.WriteAsync(context, engine, error);
        }
        catch (EngineException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The break below reaches some clients before they have read what was sent.
            await Task.WhenAny(Task.Delay(ErrorReadTime, time, context.RequestAborted));
            throw;
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

    /// <summary>The place in the gate is the caller's, and free again when the statement has ended.</summary>
    private async Task RunAsync(HttpContext context, QueryRequest request, Statement statement)
    {
        var kind = request.Account != 0 ? FormattableString.Invariant($"{StatementMark.Account}{request.Account}-")
            : statement.Text.IsSelect ? StatementMark.Read : StatementMark.Write;
        var mark = kind + Guid.NewGuid().ToString("N") + "|";
        var call = running.Begin(request.QueryId, mark, TimeLimit.Of(request, statement, options));
        var run = RunToEndAsync(context, request, statement, call);
        if (await Task.WhenAny(run, call.GivenUp) == run)
        {
            await run;
            return;
        }

        // What the statement holds stays as it is: its thread is inside the engine, and the process is about to end.
        if (!context.Response.HasStarted)
            await ErrorResponse.WriteAsync(context, engine, EngineException.Of(159, "TIMEOUT_EXCEEDED", "Timeout exceeded: the engine does not return from this statement, and starts anew"));
        await context.Response.CompleteAsync();
        call.SetAnswered();
    }

    private async Task RunToEndAsync(HttpContext context, QueryRequest request, Statement statement, RunningStatement call)
    {
        const int cancelled = 394;
        try
        {
            await runner.RunAsync(context, request, statement, call);
        }
        catch (EngineException error) when (error.Code == cancelled && call.Killed)
        {
            throw EngineException.Of(159, "TIMEOUT_EXCEEDED", FormattableString.Invariant(
                $"Timeout exceeded: the statement took longer than {call.Limit.Time.TotalSeconds:0.###} s. Set max_execution_time, or raise EmbeddedClickHouse:StatementDeadline"));
        }
        finally
        {
            running.End(call);
            gate.Leave(statement.Text.TakesRows);
        }
    }
}
