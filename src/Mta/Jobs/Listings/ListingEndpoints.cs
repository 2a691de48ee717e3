using System.Globalization;
using Delivery.Contracts.Access;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Listings;

/// <summary>Who is in a job and who is not: <c>GET /v1/jobs/{id}/recipients</c> and <c>GET /v1/jobs/{id}/rejections</c>.</summary>
internal static class ListingEndpoints
{
    private const int DefaultLimit = 100;
    private const int MostAtOnce = 1_000;

    /// <summary>Recipients looked through for one page, so that a rare state costs many short calls instead of one long one.</summary>
    private const int LookedThrough = 50_000;

    private static readonly string[] States = ["queued", "deferred", "delivered", "bounced", "expired", "dropped"];

    public static void MapListings(this IEndpointRouteBuilder routes)
    {
        var job = routes.MapGroup("/v1/jobs/{id}").WithTags("jobs");
        job.MapGet("recipients", Recipients)
            .WithName("ListRecipients")
            .WithSummary("Pages through a job's recipients")
            .WithDescription($"Query: state ({string.Join(", ", States)}), uncertain (true, false), limit (1 to {MostAtOnce}), after (the next of the page before).")
            .Produces<RecipientList>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
        job.MapGet("rejections", Rejections)
            .WithName("ListRejections")
            .WithSummary("Gives all recipients that were rejected, as NDJSON or CSV")
            .Produces(StatusCodes.Status200OK, contentType: "application/x-ndjson", additionalContentTypes: "text/csv")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Recipients(string id, HttpContext context, SpoolReader reader, ApiKeyTable access)
    {
        if (!context.TryGetAccount(access, Right.Read, out var account, out var refusal))
            return refusal;
        if (!JobIds.TryParse(id, out var job) || reader.Progress(account, job) is null)
            return Problems.NoSuchJob();
        var query = context.Request.Query;
        var errors = new List<FieldError>();
        RecipientState? state = null;
        bool? uncertain = null;
        long limit = DefaultLimit, first = 0;
        if (query.TryGetValue("state", out var word))
        {
            var at = Array.IndexOf(States, word.ToString());
            if (at < 0)
                errors.Add(new FieldError("state", $"must be one of {string.Join(", ", States)}"));
            state = (RecipientState)at;
        }

        if (query.TryGetValue("uncertain", out var flag))
        {
            if (flag.ToString() is not ("true" or "false"))
                errors.Add(new FieldError("uncertain", "must be true or false"));
            uncertain = flag == "true";
        }

        if (query.TryGetValue("limit", out var number) && (!TryNumber(number, out limit) || limit is < 1 or > MostAtOnce))
            errors.Add(new FieldError("limit", $"must be a number from 1 to {MostAtOnce}"));
        if (query.TryGetValue("after", out var after))
        {
            if (!TryNumber(after, out first))
                errors.Add(new FieldError("after", "must be the next of the page before"));
            first++;
        }

        foreach (var name in query.Keys)
        {
            if (name is not ("state" or "uncertain" or "limit" or "after"))
                errors.Add(new FieldError(name.Length > 100 ? name[..100] : name, "is not known here; known are state, uncertain, limit, after"));
        }

        if (errors.Count > 0)
            return Problems.Of(StatusCodes.Status400BadRequest, "The question is not understood", $"{errors[0].Field} {errors[0].Message}.", errors);
        var page = reader.Page(job, first, state, uncertain, (int)limit, LookedThrough);
        var list = new List<ListedRecipient>(page.Recipients.Count);
        foreach (var one in page.Recipients)
        {
            list.Add(new ListedRecipient(
                one.Ordinal, one.Email, one.Name, one.UpstreamId, one.Variant, States[(int)one.State], one.Attempts, one.Uncertain, one.Detail));
        }

        var next = page.Next is { } ordinal ? (ordinal - 1).ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Json(new RecipientList(list, next), MtaJson.Default.RecipientList);
    }

    private static IResult Rejections(string id, HttpContext context, SpoolReader reader, ApiKeyTable access)
    {
        if (!context.TryGetAccount(access, Right.Read, out var account, out var refusal))
            return refusal;
        if (!JobIds.TryParse(id, out var job) || reader.Progress(account, job) is not { } progress)
            return Problems.NoSuchJob();
        var format = context.Request.Query["format"].ToString();
        if (format is not ("" or "csv" or "ndjson"))
            return Problems.Of(StatusCodes.Status400BadRequest, "The question is not understood", "format must be csv or ndjson.", [new FieldError("format", "must be csv or ndjson")]);
        var csv = format == "csv" || (format.Length == 0 && context.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase));
        return new RejectionStream(reader, job, progress.Lines is null ? "index" : "line", csv);
    }

    private static bool TryNumber(string? text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < uint.MaxValue;
}
