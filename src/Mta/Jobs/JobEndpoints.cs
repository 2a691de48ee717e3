using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Contracts.Access;
using Delivery.Mta.Spool;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs;

/// <summary>The job API: <c>POST /v1/jobs</c> and <c>GET /v1/jobs/{id}</c>.</summary>
internal static partial class JobEndpoints
{
    private const int FullSpoolRetrySeconds = 30;

    /// <summary>Bodies in memory at one time; further requests wait.</summary>
    private const int ParallelBodies = 16;

    /// <summary>Time for a body to come in, so that slow ones do not keep the others waiting.</summary>
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromMinutes(1);

    private static readonly SemaphoreSlim Bodies = new(ParallelBodies);

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
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        jobs.MapGet("{id}", Status)
            .WithName("GetJob")
            .WithSummary("Tells how far a job is")
            .Produces<JobStatus>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context, JobIntake intake, SpoolRoom room, ApiKeyTable access, IOptions<MtaOptions> options, CancellationToken cancellation)
    {
        var request = context.Request;
        if (!context.TryGetAccount(access, out var account, out var refusal))
            return refusal;
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body is compressed", "Send it as it is.",
                [new FieldError("Content-Encoding", "is not taken here; uploads to /v1/jobs/{id}/recipients may be gzip")]);
        }

        string? key = null;
        if (request.Headers.TryGetValue("Idempotency-Key", out var given))
        {
            key = given.ToString();
            if (!IdempotencyKey().IsMatch(key))
                return Problems.Invalid([new FieldError("Idempotency-Key", "must be 1 to 255 letters, digits, '.', '_' or '-'")]);
        }

        await Bodies.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(BodyDeadline);
            if (await RequestBody.ReadAsync(request, options.Value.MaxRequestBytes, deadline.Token).ConfigureAwait(false) is not { } body)
                return Problems.TooLarge(options.Value.MaxRequestBytes);
            return await TakeAsync(context, intake, room, account, key, body).ConfigureAwait(false);
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

    private static async Task<IResult> TakeAsync(HttpContext context, JobIntake intake, SpoolRoom room, uint account, string? key, ReadOnlyMemory<byte> body)
    {
        if (key is not null && intake.Earlier(account, key) is { } earlier)
            return Replay(context, earlier, body);
        if (room.IsFull())
        {
            context.Response.Headers.RetryAfter = FullSpoolRetrySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Problems.Of(StatusCodes.Status429TooManyRequests, "The spool is full", "Too many recipients wait for delivery: try again later. Nothing was stored or sent.");
        }

        if (room.DiskIsFull())
            return DiskFull();
        try
        {
            var result = await intake.TakeAsync(account, body, key).ConfigureAwait(false);
            if (result.Errors is { } errors)
                return Problems.Invalid(errors);
            if (result.Rejected is { } rejected)
            {
                return Problems.Of(StatusCodes.Status400BadRequest, "The job was not accepted", "None of the recipients can be sent to. Nothing was stored or sent.",
                    [new FieldError("recipients", "has no recipient that can be sent to")], rejected);
            }

            if (result.Earlier is { } taken)
                return Replay(context, taken, body);
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

    private static IResult Status(string id, HttpContext context, SpoolReader reader, ApiKeyTable access)
    {
        if (!context.TryGetAccount(access, out var account, out var refusal))
            return refusal;
        if (!JobIds.TryParse(id, out var job) || reader.Progress(account, job) is not { } progress)
            return Problems.NoSuchJob();
        var counts = progress.Counts;
        return TypedResults.Json(
            new JobStatus
            {
                Id = id,
                CampaignId = progress.CampaignId,
                State = progress.IsOpen ? "open" : counts.Finished == counts.Accepted ? "finished" : "sending",
                Created = DateTimeOffset.FromUnixTimeMilliseconds(progress.CreatedMs),
                Lines = progress.Lines,
                Accepted = counts.Accepted,
                Rejected = progress.Rejected,
                Queued = counts.Queued,
                Deferred = counts.Deferred,
                Delivered = counts.Delivered,
                Bounced = counts.Bounced,
                Expired = counts.Expired,
                Dropped = counts.Dropped,
                Uncertain = counts.Uncertain,
            },
            MtaJson.Default.JobStatus);
    }

    private static IResult Replay(HttpContext context, IdempotentAnswer earlier, ReadOnlyMemory<byte> body)
    {
        if (!earlier.BodyHash.AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(body.Span)))
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

    [GeneratedRegex("^[A-Za-z0-9._-]{1,255}\\z")]
    private static partial Regex IdempotencyKey();
}
