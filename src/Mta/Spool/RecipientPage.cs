namespace Delivery.Mta.Spool;

/// <summary>Some recipients of a job.</summary>
/// <param name="Next">The ordinal to go on from, or null where the job has no more.</param>
internal sealed record RecipientPage(IReadOnlyList<RecipientStanding> Recipients, long? Next);

/// <summary>Where one recipient stands.</summary>
internal sealed record RecipientStanding(
    long Ordinal, RecipientState State, bool Uncertain, int Attempts, string Email, string? Name, string? UpstreamId, string? Variant, string? Detail);
