namespace Delivery.Mta.Spool;

/// <summary>How far a job is.</summary>
/// <param name="Lines">Lines taken of what was uploaded; null where the job came in one call.</param>
/// <param name="Rejected">Recipients that were not taken.</param>
internal sealed record JobProgress(JobCounts Counts, string CampaignId, long CreatedMs, bool IsOpen, long? Lines, long Rejected)
{
    public JobHold Hold { get; init; }

    public bool Transactional { get; init; }

    public long? NotBeforeMs { get; init; }

    public long? ExpiresMs { get; init; }

    /// <summary>Set by the commit that gave the last recipient its outcome.</summary>
    public long? FinishedMs { get; init; }

    public UploadMark Mark => new(Lines ?? 0, Counts.Accepted, Rejected);
}
