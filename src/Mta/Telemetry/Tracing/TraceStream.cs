using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Delivery.Mta.Telemetry.Tracing;

/// <summary>Writes a trace until its reader is gone, has had its attempts, or the program stops. Gives its place back then.</summary>
/// <param name="mayGoOn">Asked every few seconds: a key that was revoked ends the trace.</param>
internal sealed class TraceStream(TraceHub hub, TraceReader reader, int limit, bool asEvents, Func<bool> mayGoOn, TimeProvider time, CancellationToken stopping) : IResult
{
    /// <summary>A line at least this often, so that a reader who is gone is found out.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(2);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            httpContext.Response.ContentType = asEvents ? "text/event-stream" : "application/x-ndjson";
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await WriteAsync(httpContext.Response.BodyWriter, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
        finally
        {
            hub.Remove(reader);
        }
    }

    private async Task WriteAsync(System.IO.Pipelines.PipeWriter output, CancellationToken cancellation)
    {
        using var json = new Utf8JsonWriter(output);
        Write(json, output, Own("begin", "tracing"));
        await output.FlushAsync(cancellation).ConfigureAwait(false);
        var asked = time.GetTimestamp();
        for (var left = limit; left > 0;)
        {
            var line = await reader.ReadAsync(IdleAfter, time, cancellation).ConfigureAwait(false);
            if (time.GetElapsedTime(asked) > AskAfter)
            {
                if (!mayGoOn())
                    return;
                asked = time.GetTimestamp();
            }

            Write(json, output, line ?? Own("idle", ""));
            if (line is { Kind: "end" })
                left--;
            if (!reader.HasLines || left == 0 || output.UnflushedBytes > 16 * 1024)
                await output.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private TraceLine Own(string kind, string text) => new() { At = time.GetUtcNow(), Kind = kind, Text = text };

    private void Write(Utf8JsonWriter json, IBufferWriter<byte> output, TraceLine line)
    {
        if (asEvents)
            output.Write("data: "u8);
        JsonSerializer.Serialize(json, line, MtaJson.Default.TraceLine);
        json.Flush();
        json.Reset();
        output.Write(asEvents ? "\n\n"u8 : "\n"u8);
    }
}
