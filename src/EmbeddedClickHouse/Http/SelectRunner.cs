using System.Security.Cryptography;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Sends a result chunk by chunk. Until the first chunk is there an error still has its own status.</summary>
internal sealed class SelectRunner(EngineHost engine)
{
    public async Task RunAsync(HttpContext context, RunningStatement call, EngineConnection connection, QueryRequest request, Statement statement, string format)
    {
        using var stream = await call.CallAsync(() => connection.OpenSelect(statement.Sql, request.DefaultFormat, request.Parameters));
        try
        {
            await SendAsync(context, call, stream, request, format);
        }
        finally
        {
            await call.CallAsync(stream.Dispose);
        }
    }

    private async Task SendAsync(HttpContext context, RunningStatement call, ResultStream stream, QueryRequest request, string format)
    {
        var aborted = context.RequestAborted;
        var chunk = await call.CallAsync(stream.Fetch);
        QueryResponse.Begin(context, engine, request, format, chunk?.Counts ?? default);
        var tag = RandomNumberGenerator.GetHexString(16, lowercase: true);
        context.Response.Headers["X-ClickHouse-Exception-Tag"] = tag;
        if (chunk is null) return;
        await using var body = QueryResponse.OpenBody(context, request);
        try
        {
            while (chunk is not null)
            {
                using (chunk) await body.WriteAsync(chunk.Data, aborted);
                chunk = await call.CallAsync(stream.Fetch);
            }
        }
        catch (EngineException error) when (context.Response.HasStarted)
        {
            // The status is out. The block names the error; the rethrow makes Kestrel send what is written and close
            // without the last chunk, so that no client takes the rows before it for the whole result.
            await body.WriteAsync(ErrorResponse.Trailer(error, engine, tag), aborted);
            await body.FlushAsync(aborted);
            throw;
        }
    }
}
