using System.Globalization;
using Delivery.Mta.Spool;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>Answers to uploads that were not taken whole. All of them name the line to go on from.</summary>
internal static class UploadProblems
{
    private const int RetrySeconds = 30;

    public static ProblemHttpResult Of(HttpContext context, UploadEnd end, RecipientUpload upload) => end switch
    {
        UploadEnd.BadHeader => With(
            upload.Committed, StatusCodes.Status400BadRequest, "The CSV has no header that will do", "The header row names the columns and is no line of its own. No line of this body was taken.",
            new FieldError("header", upload.HeaderFault ?? "is missing")),
        UploadEnd.OpenQuote => With(
            upload.Committed, StatusCodes.Status400BadRequest, "A quote is never closed",
            $"Row {upload.Committed.NextLine} opens a quote that ends neither in this body nor within {LineReader.MaxLineBytes} bytes, and would swallow the rows behind it. Mend it, then go on from next_line.",
            new FieldError("body", $"has an open quote in row {upload.Committed.NextLine}")),
        UploadEnd.SpoolFull => Later(context, upload.Committed, "The spool is full", "Too many recipients wait for delivery: go on from next_line later."),
        UploadEnd.CapReached => Capped(context, upload.Committed, upload.Cap!),
        UploadEnd.DiskFull => With(upload.Committed, StatusCodes.Status507InsufficientStorage, "The spool's disk is full", "Go on from next_line when there is room."),
        UploadEnd.Closed => With(upload.Committed, StatusCodes.Status409Conflict, "The job takes no more recipients", "It was started or cancelled."),
        UploadEnd.Stopping => Later(context, upload.Committed, "The program stops", "Go on from next_line when it is back.", StatusCodes.Status503ServiceUnavailable),
        _ => Broken(upload),
    };

    public static ProblemHttpResult Busy(HttpContext context, UploadMark mark) =>
        Later(context, mark, "Too many uploads at one time", $"At most {OpenUploads.MostAtOnce} are taken: try again later.");

    public static ProblemHttpResult WrongLine(UploadMark mark, long given) =>
        With(mark, StatusCodes.Status409Conflict, "Lines are missing before this body", $"Its first line is number {given} by from_line, but line {mark.NextLine} is the next to come.",
            new FieldError("from_line", $"must be at most {mark.NextLine}"));

    /// <summary>The gzip is sound and was taken; what follows it is none.</summary>
    public static ProblemHttpResult Behind(UploadMark mark) =>
        With(mark, StatusCodes.Status400BadRequest, "The body is not what its Content-Encoding says", "All of the gzip was taken, but bytes follow it that are none. Go on from next_line with what they should be.",
            new FieldError("body", "has bytes behind its gzip"));

    /// <summary>What was committed stands; <c>next_line</c> is the first that was not.</summary>
    public static ProblemHttpResult With(UploadMark mark, int status, string title, string detail, FieldError? error = null) =>
        Problems.Of(status, title, $"{detail} The job has taken {mark.Lines} lines.", error is null ? null : [error], more: new Dictionary<string, object?>
        {
            ["next_line"] = mark.NextLine,
            ["lines"] = mark.Lines,
            ["accepted"] = mark.Accepted,
            ["rejected_lines"] = mark.Rejected,
        });

    private static ProblemHttpResult Capped(HttpContext context, UploadMark mark, CapReached cap)
    {
        var problem = Later(context, mark, "A cap of the account is reached", $"{Problems.Words(cap)} Go on from next_line then.", retrySeconds: cap.RetrySeconds ?? RetrySeconds);
        foreach (var (name, value) in Problems.Fields(cap))
            problem.ProblemDetails.Extensions[name] = value;
        return problem;
    }

    private static ProblemHttpResult Later(HttpContext context, UploadMark mark, string title, string detail, int status = StatusCodes.Status429TooManyRequests,
        long retrySeconds = RetrySeconds)
    {
        context.Response.Headers.RetryAfter = retrySeconds.ToString(CultureInfo.InvariantCulture);
        return With(mark, status, title, detail);
    }

    private static ProblemHttpResult Broken(RecipientUpload upload) => upload.Fault switch
    {
        BadHttpRequestException e => With(upload.Committed, e.StatusCode, "The body broke off", "Go on from next_line.", new FieldError("body", e.Message)),
        InvalidDataException => With(upload.Committed, StatusCodes.Status400BadRequest, "The body is not what its Content-Encoding says", "Go on from next_line.",
            new FieldError("body", "is not gzip, or is cut off")),
        _ => With(upload.Committed, StatusCodes.Status400BadRequest, "The body broke off", "Go on from next_line.", new FieldError("body", "ended before its time")),
    };
}
