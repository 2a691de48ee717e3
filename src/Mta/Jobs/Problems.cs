using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Spool;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Jobs;

/// <summary>Answers of RFC 9457 (<c>application/problem+json</c>) with the faulty fields under <c>errors</c>.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string title, string detail, IReadOnlyList<FieldError>? errors = null, IReadOnlyList<RejectedRecipient>? rejected = null,
        Dictionary<string, object?>? more = null)
    {
        var extensions = more ?? [];
        if (errors is not null)
            extensions["errors"] = errors;
        if (rejected is { Count: > 0 })
            extensions["rejected"] = rejected;
        return TypedResults.Problem(detail, statusCode: status, title: title, extensions: extensions);
    }

    public static ProblemHttpResult Invalid(IReadOnlyList<FieldError> errors) =>
        Of(StatusCodes.Status400BadRequest, "The job was not accepted", $"{errors[0].Field} {errors[0].Message}. Nothing was stored or sent.", errors);

    public static ProblemHttpResult BrokenJson(JsonException e) =>
        Of(StatusCodes.Status400BadRequest, "The body is not valid JSON",
            "Nothing was stored or sent.",
            [new FieldError("body", Message(e), Line: (int?)(e.LineNumber + 1), Column: (int?)(e.BytePositionInLine + 1))]);

    public static ProblemHttpResult NoSuchJob() =>
        Of(StatusCodes.Status404NotFound, "No such job", "The account has no job of this id. Finished jobs leave some days after their end (Mta:KeepFinished); reports keep their figures.", [new FieldError("id", "names no job of this account")]);

    public static ProblemHttpResult Unauthorized() =>
        Of(StatusCodes.Status401Unauthorized, "Unknown API key", "Send a valid key in the header 'Authorization: Bearer KEY'.",
            [new FieldError("Authorization", "names no known API key")]);

    public static ProblemHttpResult Forbidden(Right missing) =>
        Of(StatusCodes.Status403Forbidden, "The API key may not do this", $"It lacks the right '{RightNames.Format(missing)}': use a key that has it.",
            [new FieldError("Authorization", $"lacks the right '{RightNames.Format(missing)}'")],
            more: new Dictionary<string, object?> { ["missing_right"] = RightNames.Format(missing) });

    /// <summary>429 that names the cap, with Retry-After where waiting helps.</summary>
    public static ProblemHttpResult Capped(HttpContext context, CapReached cap)
    {
        const int jobsRetrySeconds = 30;
        if (!cap.IsForGood)
            context.Response.Headers.RetryAfter = (cap.RetrySeconds ?? jobsRetrySeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        FieldError[]? errors = cap.Name == CapReached.JobsName
            ? null
            : [new FieldError("recipients", $"has {cap.Wanted}, and {Math.Max(0, cap.Limit - cap.Used)} more are allowed today")];
        return Of(StatusCodes.Status429TooManyRequests, "A cap of the account is reached", $"{Words(cap)} Nothing was stored or sent.", errors, more: Fields(cap));
    }

    public static string Words(CapReached cap) => cap.Name == CapReached.JobsName
        ? $"The account has {cap.Used} jobs that are open or unfinished, and may have {cap.Limit}: wait for one to finish, or cancel one."
        : cap.IsForGood ? $"The account may send to {cap.Limit} recipients a day (UTC), and these are {cap.Wanted}: send them in parts on several days, or have the cap raised."
        : $"The account may send to {cap.Limit} recipients a day (UTC), and {cap.Used} are taken: send fewer, or the rest tomorrow.";

    public static Dictionary<string, object?> Fields(CapReached cap) => new() { ["cap"] = cap.Name, ["limit"] = cap.Limit, ["used"] = cap.Used };

    public static ProblemHttpResult TooLarge(long limit) =>
        Of(StatusCodes.Status413PayloadTooLarge, "The body is too large",
            $"At most {limit} bytes are taken in one call: open a job with \"recipients\": null and upload them to /v1/jobs/{{id}}/recipients. Nothing was stored or sent.",
            [new FieldError("body", $"is larger than {limit} bytes")]);

    /// <summary>Says what to do where the framework answers before an endpoint is reached.</summary>
    public static void Explain(ProblemDetailsContext context) =>
        context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => "There is no such address: /openapi/v1.json lists those there are.",
            StatusCodes.Status405MethodNotAllowed => "The address does not take this method: /openapi/v1.json lists those it takes.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body with 'Content-Type: application/json'.",
            _ => null,
        };

    /// <summary>The library's message without its own repetition of path and place.</summary>
    public static string Message(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
