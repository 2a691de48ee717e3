using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Jobs.Control;
using Delivery.Mta.Jobs.FollowUps;
using Delivery.Mta.Spool;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs;

/// <summary>The job API: <c>POST /v1/jobs</c> and <c>GET /v1/jobs/{id}</c>.</summary>
internal static class JobEndpoints
{
    private const int FullSpoolRetrySeconds = 30;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/jobs").WithTags("jobs");
        jobs.MapPost("", SubmitAsync)
            .WithName("SubmitJob")
            .WithSummary("Submits a send job")
            .WithDescription("202 means that the job and every accepted recipient are on disk. Repeat with the same Idempotency-Key after a lost answer: nothing is sent twice.")
            .Accepts<SendJob>("application/json")
            .Produces<JobAccepted>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        jobs.MapGet("{id}", Status)
            .WithName("GetJob")
            .WithSummary("Tells how far a job is")
            .Produces<JobStatus>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context, JobIntake intake, SpoolRoom room, ApiKeyTable access, IOptions<MtaOptions> options, CancellationToken cancellation)
    {
        if (!context.TryGetAccount(access, Right.Submit, out var account, out var refusal))
            return refusal;
        if (RequestGate.ReadIdempotencyKey(context.Request, out var key) is { } malformed)
            return malformed;
        var terms = new IntakeTerms { Caller = AudienceCaller.Of(context, access) };
        return await RequestGate.TakeAsync(
            context.Request, options.Value.MaxRequestBytes, body => TakeAsync(context, intake, room, account, body, key, terms), cancellation).ConfigureAwait(false);
    }

    /// <summary>Answers with the job that was taken, with what an earlier call of the same key got, or with why not.</summary>
    public static async Task<IResult> TakeAsync(HttpContext context, JobIntake intake, SpoolRoom room, uint account, ReadOnlyMemory<byte> body, string? key, IntakeTerms terms)
    {
        if (key is not null && intake.Earlier(account, key) is { } earlier)
            return Replay(context, earlier, terms.HashOf(body));
        if (room.IsFull())
        {
            context.Response.Headers.RetryAfter = FullSpoolRetrySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Problems.Of(StatusCodes.Status429TooManyRequests, "The spool is full", "Too many recipients wait for delivery: try again later. Nothing was stored or sent.");
        }

        if (room.DiskIsFull())
            return DiskFull();
        try
        {
            var result = await intake.TakeAsync(account, body, key, terms).ConfigureAwait(false);
            if (result.Errors is { } errors)
                return Problems.Invalid(errors);
            if (result.Rejected is { } rejected)
            {
                return Problems.Of(StatusCodes.Status400BadRequest, "The job was not accepted", "None of the recipients can be sent to. Nothing was stored or sent.",
                    [new FieldError("recipients", "has no recipient that can be sent to")], rejected);
            }

            if (result.Cap is { } cap)
                return Problems.Capped(context, cap);
            if (result.Failure is { } failure)
            {
                if (failure.RetrySeconds is { } seconds)
                    context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return failure.Problem;
            }

            if (result.Earlier is { } taken)
                return Replay(context, taken, terms.HashOf(body));
            context.Response.Headers.Location = $"/v1/jobs/{JobIds.Format(result.Job)}";
            return Accepted(result.Response!);
        }
        catch (JsonException e)
        {
            return Problems.BrokenJson(e);
        }
        catch (SpoolFullException)
        {
            return DiskFull();
        }
        catch (SqliteException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The spool cannot be written", $"SQLite error {e.SqliteErrorCode}. Nothing was stored or sent.");
        }
    }

    private static IResult Status(string id, HttpContext context, SpoolReader reader, ApiKeyTable access, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Read, out var account, out var refusal))
            return refusal;
        return JobIds.TryParse(id, out var job) && JobStatuses.Of(account, job, reader, time) is { } status
            ? TypedResults.Json(status, MtaJson.Default.JobStatus)
            : Problems.NoSuchJob();
    }

    public static IResult Replay(HttpContext context, IdempotentAnswer earlier, byte[] hash)
    {
        if (!earlier.BodyHash.AsSpan().SequenceEqual(hash))
        {
            return Problems.Of(StatusCodes.Status409Conflict, "The Idempotency-Key belongs to another request",
                "It came with another body in the last 24 hours: use a new key for a new job. Nothing was stored or sent.",
                [new FieldError("Idempotency-Key", "was used for another body")]);
        }

        context.Response.Headers["X-Idempotent-Replayed"] = "true";
        return Accepted(earlier.Response);
    }

    private static ProblemHttpResult DiskFull() =>
        Problems.Of(StatusCodes.Status507InsufficientStorage, "The spool's disk is full", "Nothing was stored or sent: try again when there is room.");

    private static Utf8ContentHttpResult Accepted(byte[] json) =>
        TypedResults.Text(json, "application/json", StatusCodes.Status202Accepted);
}
