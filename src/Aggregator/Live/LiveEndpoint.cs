using System.Globalization;
using System.Text;
using Delivery.Aggregator.Reports;
using Delivery.Contracts.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Live;

/// <summary>
/// <c>GET /v1/jobs/{id}/live</c>: a job's counters as server-sent events, at once and whenever they change. Ends when the reader leaves,
/// its key is revoked or the program stops.
/// </summary>
internal static class LiveEndpoint
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    public static void MapLive(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/jobs/{id}/live", (string id, HttpContext http, ReportAccess access, LiveJobs jobs) =>
            access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
            {
                if (http.Request.Query.Keys.FirstOrDefault() is { } unknown)
                    return ReportProblems.Invalid($"'{unknown}' is no parameter of this call; it has none.");
                if (jobs.TryJoin(caller.Id, job) is not { } live)
                {
                    http.Response.Headers.RetryAfter = "5";
                    return ReportProblems.Of(StatusCodes.Status429TooManyRequests, "Too many watch", "The account has as many live connections as it may: close one first.");
                }

                try
                {
                    if (await live.First.WaitAsync(http.RequestAborted).ConfigureAwait(false) is null)
                        return ReportProblems.NoSuchJob(id);
                    await TellAsync(http, caller.Id, live).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    // The reader left.
                }
                finally
                {
                    jobs.Leave(caller.Id, job, live);
                }

                return Results.Empty;
            }, lasting: true));

    private static async Task TellAsync(HttpContext http, uint account, LiveJob live)
    {
        var services = http.RequestServices;
        var (keys, time) = (services.GetRequiredService<ApiKeyTable>(), services.GetRequiredService<TimeProvider>());
        var heartbeat = services.GetRequiredService<IOptions<AggregatorOptions>>().Value.Live.Heartbeat;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var (told, wrote) = (0L, time.GetTimestamp());
        while (!ended.IsCancellationRequested && MayRead(keys, http, account))
        {
            if (live.Last is { } frame && frame.Number > told)
            {
                await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: counters\nid: {frame.Number}\ndata: ")), ended.Token).ConfigureAwait(false);
                await http.Response.Body.WriteAsync(frame.Json, ended.Token).ConfigureAwait(false);
                await http.Response.Body.WriteAsync("\n\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
                (told, wrote) = (frame.Number, time.GetTimestamp());
                await http.Response.Body.FlushAsync(ended.Token).ConfigureAwait(false);
            }
            else if (time.GetElapsedTime(wrote) >= heartbeat)
            {
                await http.Response.Body.WriteAsync(": still here\n\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
                wrote = time.GetTimestamp();
                await http.Response.Body.FlushAsync(ended.Token).ConfigureAwait(false);
            }

            var pause = heartbeat < CheckEvery ? heartbeat : CheckEvery;
            await live.ChangedAfter(told).WaitAsync(pause, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A key can be revoked while its holder watches.</summary>
    private static bool MayRead(ApiKeyTable keys, HttpContext http, uint account) =>
        keys.TryAuthenticate(http.Request.Headers.Authorization.ToString(), out var now, out var rights) && now == account && rights.HasFlag(Right.Read);
}
