using Delivery.Contracts.Access;
using Delivery.Mta.Spool;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Jobs.Control;

/// <summary><c>POST /v1/jobs/{id}/pause</c>, <c>resume</c> and <c>cancel</c>. The same call again changes nothing; each answers where the job stands.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        var job = routes.MapGroup("/v1/jobs/{id}").WithTags("jobs");
        Map(job, "pause", "PauseJob", "Pauses a job: nothing new of it leaves until it is resumed", JobHold.Paused);
        Map(job, "resume", "ResumeJob", "Lets a paused job go on", JobHold.None);
        Map(job, "cancel", "CancelJob", "Cancels a job: who has no outcome and is not on the wire ends as dropped", JobHold.Cancelled);
    }

    private static void Map(RouteGroupBuilder job, string path, string name, string summary, JobHold hold) =>
        job.MapPost(path, (string id, HttpContext context, JobControl control, SpoolReader reader, ApiKeyTable access, TimeProvider time) =>
                HoldAsync(id, hold, context, control, reader, access, time))
            .WithName(name)
            .WithSummary(summary)
            .Produces<JobStatus>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);

    private static async Task<IResult> HoldAsync(
        string id, JobHold hold, HttpContext context, JobControl control, SpoolReader reader, ApiKeyTable access, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Submit, out var account, out var refusal))
            return refusal;
        if (!JobIds.TryParse(id, out var job) || reader.Progress(account, job) is null)
            return Problems.NoSuchJob();
        try
        {
            await control.HoldAsync(job, hold).ConfigureAwait(false);
        }
        catch (SpoolFullException)
        {
            return Problems.Of(StatusCodes.Status507InsufficientStorage, "The spool's disk is full", "Nothing was changed: try again when there is room.");
        }
        catch (SqliteException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The spool cannot be written", $"SQLite error {e.SqliteErrorCode}. Nothing was changed.");
        }

        return JobStatuses.Of(account, job, reader, time) is { } status ? TypedResults.Json(status, MtaJson.Default.JobStatus) : Problems.NoSuchJob();
    }
}
