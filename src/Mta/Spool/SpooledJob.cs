namespace Delivery.Mta.Spool;

/// <summary>A job as it is in the spool.</summary>
internal sealed record SpooledJob
{
    public required ulong Id { get; init; }

    public required uint Account { get; init; }

    public required long CreatedMs { get; init; }

    public required string CampaignId { get; init; }

    public required string? ReturnPath { get; init; }

    /// <summary>JSON object as it was submitted.</summary>
    public required byte[] Content { get; init; }

    public required byte[] Options { get; init; }

    public required byte[] SubstitutionData { get; init; }

    public required byte[] Metadata { get; init; }
}
