using System.Buffers;
using System.Globalization;
using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Audiences;

/// <summary>
/// <c>GET /v1/jobs/{id}/audience</c> streams the people of a job to whom all conditions apply, <c>…/audience/count</c> counts them. A stream that does not come
/// to its end is cut off: its last chunk never comes.
/// </summary>
internal static class AudienceEndpoints
{
    private const string End = "end";

    public static void MapAudiences(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs/{id}/audience", (string id, HttpContext http, ReportAccess access, AudienceQuery query, AudiencePlaces places, Freshness freshness, ILoggerFactory logs) =>
            access.AnswerJobAsync(http, Right.Read, id, (caller, job) => InPlaceAsync(http, caller.Id, places, () => StreamAsync(http, caller.Id, id, job, query, freshness, logs)), lasting: true));
        routes.MapGet("/v1/jobs/{id}/audience/count", (string id, HttpContext http, ReportAccess access, AudienceQuery query, AudiencePlaces places, Freshness freshness) =>
            access.AnswerJobAsync(http, Right.Read, id, (caller, job) => InPlaceAsync(http, caller.Id, places, () => CountAsync(http, caller.Id, id, job, query, freshness))));
    }

    private static async Task<IResult> InPlaceAsync(HttpContext http, uint account, AudiencePlaces places, Func<Task<IResult>> answer)
    {
        if (places.TryTake(account) is not { } place)
        {
            http.Response.Headers.RetryAfter = "2";
            return ReportProblems.Of(
                StatusCodes.Status429TooManyRequests, "Too many audiences", $"The account reads {AudiencePlaces.MostAtOnce} audiences already, as many as it may at one time: ask again when one is read.");
        }

        using (place)
            return await answer().ConfigureAwait(false);
    }

    private static async Task<IResult> CountAsync(HttpContext http, uint account, string id, ulong job, AudienceQuery query, Freshness freshness)
    {
        if (AudienceParameters.Read(http.Request.Query, [], out var fault) is not { } audience)
            return ReportProblems.Invalid(fault!);
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var sql = new AudienceSql(account, job, audience);
        if (await query.OutlineAsync(sql, http.RequestAborted).ConfigureAwait(false) is null)
            return ReportProblems.NoSuchJob(id);
        if (await query.UnknownLinkAsync(account, job, audience, http.RequestAborted).ConfigureAwait(false) is { } unknown)
            return ReportProblems.Invalid(unknown);
        var size = await query.CountAsync(sql, http.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(new AudienceCount(job.ToString(CultureInfo.InvariantCulture), size.People, size.WithoutId, fresh), AudienceJson.Default.AudienceCount);
    }

    private static async Task<IResult> StreamAsync(
        HttpContext http, uint account, string id, ulong job, AudienceQuery query, Freshness freshness, ILoggerFactory logs)
    {
        if (AudienceFormats.Read(http.Request, out var fault) is not { } format
            || AudienceParameters.Read(http.Request.Query, [AudienceFormats.Parameter, End], out fault) is not { } audience)
            return ReportProblems.Invalid(fault!);
        var end = http.Request.Query[End].ToString();
        if (end is not ("" or "true" or "false") || (end == "true" && format != AudienceFormat.Ndjson))
            return ReportProblems.Invalid($"'{End}' must be true or false, and is for NDJSON.");
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var sql = new AudienceSql(account, job, audience);
        if (await query.OutlineAsync(sql, http.RequestAborted).ConfigureAwait(false) is not { } outline)
            return ReportProblems.NoSuchJob(id);
        if (await query.UnknownLinkAsync(account, job, audience, http.RequestAborted).ConfigureAwait(false) is { } unknown)
            return ReportProblems.Invalid(unknown);
        if (fresh is { } moment)
            http.Response.Headers["Fresh-As-Of"] = moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        try
        {
            await WriteAsync(http, query, sql, outline, format, end == "true").ConfigureAwait(false);
        }
        catch (ClickHouseException e) when (http.Response.HasStarted)
        {
            Log.AudienceCutOff(logs.CreateLogger("Delivery.Aggregator.Audiences"), job, e.Message);
            http.Abort();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }

        return TypedResults.Empty;
    }

    private static async Task WriteAsync(HttpContext http, AudienceQuery query, AudienceSql sql, AudienceOutline outline, AudienceFormat format, bool end)
    {
        var people = 0L;
        for (var page = 0; page < outline.Starts.Count || page == 0; page++)
        {
            var lines = outline.Starts.Count == 0 ? [] : await query.PageAsync(sql, outline, page, format, http.RequestAborted).ConfigureAwait(false);
            if (page == 0)
            {
                http.Response.ContentType = AudienceFormats.ContentType(format);
                if (format == AudienceFormat.Csv)
                    http.Response.BodyWriter.Write("recipient,upstream_id\r\n"u8);
            }

            people += lines.AsSpan().Count((byte)'\n');
            await http.Response.BodyWriter.WriteAsync(lines, http.RequestAborted).ConfigureAwait(false);
        }

        if (end)
            await http.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes($"{{\"end\":true,\"people\":{people.ToString(CultureInfo.InvariantCulture)}}}\n"), http.RequestAborted).ConfigureAwait(false);
    }
}
