using System.Text.RegularExpressions;

namespace Delivery.Mta.Jobs;

/// <summary>What every call with a body in one piece goes through: its headers, and a body of bounded size that comes in bounded time, with few of them in memory at once.</summary>
internal static partial class RequestGate
{
    /// <summary>Bodies in memory at one time; further requests wait.</summary>
    private const int ParallelBodies = 16;

    /// <summary>Time for a body to come in, so that slow ones do not keep the others waiting.</summary>
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromMinutes(1);

    private static readonly SemaphoreSlim Bodies = new(ParallelBodies);

    /// <summary>Null, or why the Idempotency-Key cannot be taken. The key is null where none is given.</summary>
    public static IResult? ReadIdempotencyKey(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue("Idempotency-Key", out var given))
            return null;
        key = given.ToString();
        return IdempotencyKey().IsMatch(key) ? null : Problems.Invalid([new FieldError("Idempotency-Key", "must be 1 to 255 letters, digits, '.', '_' or '-'")]);
    }

    /// <summary>Reads the body and answers with <paramref name="take"/>, for whose whole time the body stays in memory.</summary>
    public static async Task<IResult> TakeAsync(HttpRequest request, long maxBytes, Func<ReadOnlyMemory<byte>, Task<IResult>> take, CancellationToken cancellation)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body is compressed", "Send it as it is.",
                [new FieldError("Content-Encoding", "is not taken here; uploads to /v1/jobs/{id}/recipients may be gzip")]);
        }

        await Bodies.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(BodyDeadline);
            if (await RequestBody.ReadAsync(request, maxBytes, deadline.Token).ConfigureAwait(false) is not { } body)
                return Problems.TooLarge(maxBytes);
            return await take(body).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Problems.Of(StatusCodes.Status408RequestTimeout, "The body came too slowly",
                $"It has to be here within {BodyDeadline.TotalSeconds} s. Nothing was stored or sent.", [new FieldError("body", "did not come in time")]);
        }
        catch (BadHttpRequestException e)
        {
            return Problems.Of(e.StatusCode, "The request is malformed", "Nothing was stored or sent.", [new FieldError("body", e.Message)]);
        }
        finally
        {
            Bodies.Release();
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,255}\\z")]
    private static partial Regex IdempotencyKey();
}
