namespace Delivery.Mta.Jobs.Uploads;

/// <summary>
/// Answers a request whose body still comes in while the program stops, and ends its connection soon after: the server by itself would wait for the
/// rest of the body until the stop's own deadline.
/// </summary>
internal sealed class LastAnswer(IResult answer, TimeProvider time) : IResult
{
    /// <summary>Time for the client to see the answer: a connection that is cut while it sends may lose it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await answer.ExecuteAsync(httpContext).ConfigureAwait(false);
        await httpContext.Response.CompleteAsync().ConfigureAwait(false);
        using var limit = new CancellationTokenSource(Grace, time);
        var rest = new byte[64 * 1024];
        try
        {
            while (await httpContext.Request.Body.ReadAsync(rest, limit.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            httpContext.Abort();
        }
    }
}
