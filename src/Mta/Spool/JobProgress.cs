namespace Delivery.Mta.Spool;

/// <summary>How far a job is.</summary>
/// <param name="Lines">Lines taken of what was uploaded; null where the job came in one call.</param>
/// <param name="Rejected">Recipients that were not taken.</param>
internal sealed record JobProgress(JobCounts Counts, string CampaignId, long CreatedMs, bool IsOpen, long? Lines, long Rejected)
{
    public UploadMark Mark => new(Lines ?? 0, Counts.Accepted, Rejected);
}
