using System.Globalization;
using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>A job of any size: <c>POST /v1/jobs/{id}/recipients</c> and <c>POST /v1/jobs/{id}/start</c>.</summary>
internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        var job = routes.MapGroup("/v1/jobs/{id}").WithTags("jobs");
        job.MapPost("recipients", UploadAsync)
            .WithName("UploadRecipients")
            .WithSummary("Adds recipients to an open job")
            .WithDescription($"The body may be of any length; its Content-Type is {UploadFormats.Accepted}; Content-Encoding gzip is taken. "
                + "The query's from_line numbers the body's first line, from 1; left out, it goes on behind the last line taken. Lines taken before are passed over.")
            .Produces<UploadAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        job.MapPost("start", StartAsync)
            .WithName("StartJob")
            .WithSummary("Closes an open job and sends it")
            .Produces<JobStarted>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
    }

    private static async Task<IResult> UploadAsync(
        string id, HttpContext context, SpoolReader reader, SpoolWriter writer, SpoolRoom room, OpenUploads uploads, ApiKeyTable access, KeyRing keys,
        IOptions<RedisOptions> redis, SuppressionMirror suppressions, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Submit, out var account, out var refusal))
            return refusal;
        if (!JobIds.TryParse(id, out var job) || reader.Progress(account, job) is not { } known)
            return Problems.NoSuchJob();
        if (!UploadFormats.TryOpen(context.Request, out var format, out var fault))
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body is of a form that is not taken", $"{fault.Field} {fault.Message}.", [fault]);
        long? from = null;
        if (context.Request.Query.TryGetValue("from_line", out var given))
        {
            if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var line) || line < 1)
                return Problems.Invalid([new FieldError("from_line", "must be the number of the body's first line, from 1")]);
            from = line;
        }

        if (uploads.IsBusy)
            return UploadProblems.Busy(context, known.Mark);
        using var lease = uploads.TryLease(job);
        if (lease is null)
            return UploadProblems.With(known.Mark, StatusCodes.Status409Conflict, "Another upload to this job is under way", "Wait for its end.");
        var mark = reader.Progress(account, job) is { IsOpen: true } open ? open.Mark : (UploadMark?)null;
        if (mark is not { } taken)
            return UploadProblems.With(known.Mark, StatusCodes.Status409Conflict, "The job takes no more recipients", "It was started or cancelled, or came in one call.");
        if (from > taken.NextLine)
            return UploadProblems.WrongLine(taken, from.Value);

        LongBody.Allow(context);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await using var body = UploadFormats.Body(context.Request, out var compressed);
        using var lines = new LineReader(body, format.Quoted);
        var upload = new RecipientUpload(
            new UploadTarget(account, job, ListOf(reader, job), taken, keys.RecipientSecret, redis.Value.Shards, access.Find(account)?.MaxRecipientsPerDay),
            lease, lines, format, reader, writer, room, suppressions, time);
        try
        {
            var end = await upload.RunAsync(from ?? taken.NextLine, stopping.Token).ConfigureAwait(false);
            if (end == UploadEnd.Stopping)
                return new LastAnswer(UploadProblems.Of(context, end, upload), time);
            if (end != UploadEnd.Whole)
                return UploadProblems.Of(context, end, upload);
            if (compressed is not null && await compressed.HasMoreAsync(stopping.Token).ConfigureAwait(false))
                return UploadProblems.Behind(upload.Committed);
            var reached = upload.Committed;
            return TypedResults.Json(
                new UploadAnswer(id, reached.Lines, reached.Accepted, reached.Rejected, upload.Rejections.ConvertAll(one => new RejectedLine(one.Line, one.Email, one.Reason)),
                    upload.Suppressed == 0 ? null : upload.Suppressed),
                MtaJson.Default.UploadAnswer);
        }
        catch (SqliteException e)
        {
            return UploadProblems.With(upload.Committed, StatusCodes.Status503ServiceUnavailable, "The spool cannot be written", $"SQLite error {e.SqliteErrorCode}.");
        }
    }

    private static async Task<IResult> StartAsync(
        string id, HttpContext context, SpoolReader reader, SpoolWriter writer, OpenUploads uploads, JobTable jobs, ApiKeyTable access, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Submit, out var account, out var refusal))
            return refusal;
        if (!JobIds.TryParse(id, out var job) || reader.Progress(account, job) is not { } known)
            return Problems.NoSuchJob();
        if (known.Lines is null)
            return Problems.Of(StatusCodes.Status409Conflict, "The job was never open", "It came in one call, and is sent already.");
        if (!known.IsOpen)
            return Started(id, known, time);
        using var lease = uploads.TryLease(job);
        if (lease is null)
            return UploadProblems.With(known.Mark, StatusCodes.Status409Conflict, "An upload to this job is under way", "Start the job when it has ended.");
        var start = new StartJob(job, time.GetUtcNow().ToUnixTimeMilliseconds());
        try
        {
            await writer.CommitAsync(start).ConfigureAwait(false);
        }
        catch (SpoolFullException)
        {
            return UploadProblems.With(known.Mark, StatusCodes.Status507InsufficientStorage, "The spool's disk is full", "The job was not started: try again when there is room.");
        }
        catch (SqliteException e)
        {
            return UploadProblems.With(known.Mark, StatusCodes.Status503ServiceUnavailable, "The spool cannot be written", $"SQLite error {e.SqliteErrorCode}. The job was not started.");
        }

        var now = reader.Progress(account, job)!;
        if (start.Started && reader.Unfinished(job) is { } started)
            jobs.TryAdd(started);
        uploads.Forget(job);
        return now.IsOpen
            ? UploadProblems.With(now.Mark, StatusCodes.Status409Conflict, "The job has no recipient", "Upload recipients to /v1/jobs/{id}/recipients first.")
            : Started(id, now, time);
    }

    private static uint ListOf(SpoolReader reader, ulong job) => OptionsParser.Parse(JsonElement.Parse(reader.Options(job)), []).List;

    private static JsonHttpResult<JobStarted> Started(string id, JobProgress job, TimeProvider time) =>
        TypedResults.Json(new JobStarted(id, job.Counts.Accepted, job.Rejected, time.GetUtcNow().ToUnixTimeMilliseconds() < job.NotBeforeMs ? "scheduled" : "sending"), MtaJson.Default.JobStarted, statusCode: StatusCodes.Status202Accepted);
}
