using System.Text.Json;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Control;

/// <summary>Tells where a job stands.</summary>
internal static class JobStatuses
{
    /// <summary>Null where the account has no such job.</summary>
    public static JobStatus? Of(uint account, ulong id, SpoolReader reader, TimeProvider time)
    {
        if (reader.Progress(account, id) is not { } job)
            return null;
        var counts = job.Counts;
        return new JobStatus
        {
            Id = JobIds.Format(id),
            CampaignId = job.CampaignId,
            Sandbox = IsSandbox(reader.Options(id)) ? true : null,
            Transactional = job.Transactional ? true : null,
            State = State(job, time.GetUtcNow().ToUnixTimeMilliseconds()),
            Created = DateTimeOffset.FromUnixTimeMilliseconds(job.CreatedMs),
            StartTime = Time(job.NotBeforeMs),
            Expires = Time(job.ExpiresMs),
            Finished = Time(job.FinishedMs),
            Lines = job.Lines,
            Accepted = counts.Accepted,
            Rejected = job.Rejected,
            Queued = counts.Queued,
            Deferred = counts.Deferred,
            Delivered = counts.Delivered,
            Bounced = counts.Bounced,
            Expired = counts.Expired,
            Dropped = counts.Dropped,
            Uncertain = counts.Uncertain,
        };
    }

    public static string State(JobProgress job, long nowMs)
    {
        if (job.IsOpen)
            return "open";
        if (job.FinishedMs is not null)
            return job.Hold == JobHold.Cancelled ? "cancelled" : "finished";
        return job.Hold switch
        {
            JobHold.Cancelled => "cancelling",
            JobHold.Paused => "paused",
            _ => nowMs < job.NotBeforeMs ? "scheduled" : "sending",
        };
    }

    private static DateTimeOffset? Time(long? ms) => ms is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;

    private static bool IsSandbox(byte[] options) => OptionsParser.Parse(JsonElement.Parse(options), []).Sandbox;
}
