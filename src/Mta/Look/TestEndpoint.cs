using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Jobs;
using Delivery.Mta.Spool;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Look;

/// <summary><c>POST /v1/jobs/{id}/test</c>.</summary>
internal static class TestEndpoint
{
    private const string Title = "No test was sent";

    /// <summary>Far more than the ten addresses and ordinals that it can have.</summary>
    private const long MaxBytes = 64 * 1024;

    public static async Task<IResult> AnswerAsync(
        HttpContext context, string id, StoredMail stored, JobIntake intake, SpoolRoom room, ApiKeyTable access, CancellationToken cancellation)
    {
        if (!context.TryGetAccount(access, Right.Submit, out var account, out var refusal))
            return refusal;
        if (RequestGate.ReadIdempotencyKey(context.Request, out var key) is { } malformed)
            return malformed;
        return await RequestGate.TakeAsync(
            context.Request, MaxBytes, body => TakeAsync(context, id, account, key, body, stored, intake, room), cancellation).ConfigureAwait(false);
    }

    private static async Task<IResult> TakeAsync(HttpContext context, string id, uint account, string? key, ReadOnlyMemory<byte> body, StoredMail stored, JobIntake intake,
        SpoolRoom room)
    {
        // The same call again is answered as it was, whatever became of the job since.
        var terms = new IntakeTerms { RequestHash = SHA256.HashData([.. Encoding.UTF8.GetBytes($"test {id}\n"), .. body.Span]), AddressesMayRepeat = true };
        if (key is not null && intake.Earlier(account, key) is { } earlier)
            return JobEndpoints.Replay(context, earlier, terms.RequestHash);
        if (Parse(body, out var request) is { } refused)
            return refused;
        if (stored.Find(account, id) is not var (job, accepted))
            return Problems.NoSuchJob();
        if (accepted == 0)
            return Problems.Of(StatusCodes.Status409Conflict, Title, "The job has no recipients yet: add some, or use POST /v1/preview.", [new FieldError("id", "has no recipients yet")]);
        var ordinals = request!.Recipients ?? Spread(accepted, request.Samples);
        var samples = stored.Recipients(job, ordinals);
        var missing = samples.IndexOf(null);
        if (missing >= 0)
            return Refuse([new FieldError($"recipients[{missing}]", $"is {ordinals[missing]}, and the job has the ordinals 0 to {accepted - 1}")]);
        return await JobEndpoints.TakeAsync(context, intake, room, account, TestJob.Write(job, request, samples.ConvertAll(sample => sample!)), key, terms).ConfigureAwait(false);
    }

    private static ProblemHttpResult? Parse(ReadOnlyMemory<byte> body, out TestRequest? request)
    {
        request = null;
        try
        {
            using var document = JobIntake.Parse(body);
            var errors = new List<FieldError>();
            request = TestRequest.Parse(document.RootElement, errors);
            return request is null ? Refuse(errors) : null;
        }
        catch (JsonException e)
        {
            return Problems.BrokenJson(e);
        }
    }

    /// <summary>Ordinals spread evenly over a job, the first of them 0.</summary>
    private static List<uint> Spread(long recipients, int samples)
    {
        var ordinals = new List<uint>();
        var count = Math.Min(samples, recipients);
        for (var i = 0; i < count; i++)
            ordinals.Add((uint)(recipients * i / count));
        return ordinals;
    }

    private static ProblemHttpResult Refuse(List<FieldError> errors) =>
        Problems.Of(StatusCodes.Status400BadRequest, Title, $"{errors[0].Field} {errors[0].Message}. Nothing was stored or sent.", errors);
}
