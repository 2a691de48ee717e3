namespace Delivery.Mta.Spool;

/// <summary>A job as it is in the spool.</summary>
internal sealed record SpooledJob
{
    public required ulong Id { get; init; }

    public required uint Account { get; init; }

    public required long CreatedMs { get; init; }

    /// <summary>It takes recipients and nothing of it is sent, until it is started.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Since when it may be sent: <see cref="CreatedMs"/> where it came in one call. Null while it is open, and where it was not read from the spool.</summary>
    public long? StartedMs { get; init; }

    /// <summary>Goes before bulk mail, and goes on where bulk mail waits.</summary>
    public bool Transactional { get; init; }

    /// <summary>Not sent before this, Unix milliseconds; null for at once.</summary>
    public long? NotBeforeMs { get; init; }

    /// <summary>Not sent from this on, Unix milliseconds; null for no end but the retry schedule's.</summary>
    public long? ExpiresMs { get; init; }

    /// <summary>Messages per second at most; null for as fast as the wire takes them.</summary>
    public double? MaxRate { get; init; }

    public required string CampaignId { get; init; }

    public required string? ReturnPath { get; init; }

    /// <summary>JSON object as it was submitted.</summary>
    public required byte[] Content { get; init; }

    public required byte[] Options { get; init; }

    public required byte[] SubstitutionData { get; init; }

    public required byte[] Metadata { get; init; }
}
