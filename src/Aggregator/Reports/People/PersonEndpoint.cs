using Delivery.Contracts;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.People;

/// <summary><c>GET /v1/people/timeline</c>: all that happened with the mail to one person.</summary>
internal static class PersonEndpoint
{
    private const int MaxLimit = 1000;
    private const int MaxId = 1024;

    public static void MapPeople(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/people/timeline", (HttpContext http, ReportAccess access, PersonQuery query) =>
            access.AnswerAsync(http, Right.Read, async caller =>
            {
                var asked = new ReportParameters(http.Request, "recipient_key", "upstream_id", "job", "limit", "before");
                var (key, id) = Who(asked);
                var job = asked.Id("job");
                var limit = asked.Number("limit", 1, MaxLimit, 100);
                var before = asked.Text("before") is { } text ? PersonCursor.Parse(text) : null;
                if (before is null && asked.Text("before") is not null)
                    asked.Wrong($"'before' is '{asked.Text("before")}'; give 'next' of the page before.");
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                return await query.FindAsync(caller.Id, key, id, job, before, limit, http.RequestAborted).ConfigureAwait(false) is { } person
                    ? ReportAnswer.Of(
                        http.Request, asked.Format, person, ReportJson.Default.PersonTimeline, person.Events, ReportJson.Default.PersonEvent, "person",
                        person.FreshAsOf, person.Next)
                    : ReportProblems.Of(StatusCodes.Status404NotFound, "No such person", "No job of this account has such a recipient, or the person was erased.");
            }));

    private static (string? Key, string? Id) Who(ReportParameters asked)
    {
        var (key, id) = (asked.Text("recipient_key"), asked.Text("upstream_id"));
        if (key is null == id is null || id is "")
            asked.Wrong("'recipient_key' or 'upstream_id' is needed, one of them: who is meant.");
        else if (key is not null && (!RecipientKey.TryParse(key.ToLowerInvariant(), out var read) || read == default))
            asked.Wrong("'recipient_key' is not of 32 hexadecimal digits that are not all 0.");
        else if (id is { Length: > MaxId })
            asked.Wrong($"'upstream_id' is longer than {MaxId} characters.");
        return (key, id);
    }
}
