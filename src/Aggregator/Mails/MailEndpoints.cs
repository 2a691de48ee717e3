using Delivery.Aggregator.Reports;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Mails;

/// <summary><c>GET /v1/jobs/{id}/mail</c>: what the mail looks like, for people who look at its figures. JSON alone.</summary>
internal static class MailEndpoints
{
    public static void MapMails(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/jobs/{id}/mail", AnswerAsync);

    private static Task<IResult> AnswerAsync(string id, HttpContext http, ReportAccess access, MailQuery query) =>
        access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";
            if (http.Request.Query.Keys.FirstOrDefault() is { } unknown)
                return ReportProblems.Invalid($"'{unknown}' is not known here; the mail takes no parameters and comes as JSON.");
            return await query.FindAsync(caller.Id, job, http.RequestAborted).ConfigureAwait(false) is { } mail
                ? TypedResults.Json(mail, MailJson.Default.MailAnswer)
                : ReportProblems.NoSuchJob(id);
        });
}
