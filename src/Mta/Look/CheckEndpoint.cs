using Delivery.Contracts.Access;
using Delivery.Mta.Jobs;

namespace Delivery.Mta.Look;

/// <summary><c>POST /v1/jobs/{id}/check</c>.</summary>
internal static class CheckEndpoint
{
    private const int MaxSample = 10_000;

    public static async Task<IResult> AnswerAsync(
        HttpContext context, string id, string? recipients, JobCheck check, StoredMail stored, LookGate gate, ApiKeyTable access, CancellationToken cancellation)
    {
        if (!context.TryGetAccount(access, Right.Read, out var account, out var refusal))
            return refusal;
        var sample = JobCheck.DefaultSample;
        if (recipients is not null && (!int.TryParse(recipients, System.Globalization.NumberStyles.None, null, out sample) || sample is < 1 or > MaxSample))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "The job was not looked at", $"recipients must be a number from 1 to {MaxSample}.",
                [new FieldError("recipients", $"must be a number from 1 to {MaxSample}")]);
        }

        return await gate.RunAsync(() => LookAsync(id, account, sample, check, stored, cancellation), cancellation).ConfigureAwait(false);
    }

    private static async Task<IResult> LookAsync(string id, uint account, int sample, JobCheck check, StoredMail stored, CancellationToken cancellation)
    {
        if (stored.Find(account, id) is not var (job, accepted))
            return Problems.NoSuchJob();
        if (stored.Compile(job) is not { } content)
            return StoredMail.Unreadable();
        var (findings, sampled) = await check.LookAsync(content, stored.Inputs(job, (int)Math.Min(sample, accepted)), cancellation).ConfigureAwait(false);
        return TypedResults.Json(
            new CheckResult
            {
                Job = id,
                Recipients = accepted,
                Sampled = sampled,
                Errors = findings.Count(finding => finding.Severity == Severity.Error),
                Warnings = findings.Count(finding => finding.Severity == Severity.Warning),
                Findings = findings,
            },
            LookJson.Readable.CheckResult);
    }
}
