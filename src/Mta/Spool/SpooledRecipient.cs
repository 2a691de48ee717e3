using Delivery.Contracts;
using Delivery.Mta.Lanes;

namespace Delivery.Mta.Spool;

/// <summary>A recipient as it is in the spool.</summary>
internal sealed class SpooledRecipient
{
    public required uint Account { get; init; }

    public required ulong Job { get; init; }

    /// <summary>Dense, from 0, among the accepted of the job.</summary>
    public required uint Ordinal { get; init; }

    public RecipientState State { get; init; }

    /// <summary>Attempts that ended with a peer's answer.</summary>
    public ushort Attempts { get; init; }

    /// <summary>Times the connection was lost under it.</summary>
    public ushort Losses { get; init; }

    /// <summary>An earlier copy may have arrived (RFC 1047).</summary>
    public bool Uncertain { get; init; }

    public required string Email { get; init; }

    public string? Name { get; init; }

    public string? UpstreamId { get; init; }

    public string? Variant { get; init; }

    public required RecipientKey Key { get; init; }

    /// <summary>What became of this claim is on disk: it is in flight no more.</summary>
    public bool HasOutcome { get; set; }

    /// <summary>JSON object, null for none.</summary>
    public byte[]? SubstitutionData { get; init; }

    public byte[]? Metadata { get; init; }

    /// <summary>When its attempt was due, where it is one of those that are tried again; names its row in <c>retry</c>.</summary>
    public long? RetryDueMs { get; init; }

    /// <summary>The job as it runs, while the recipient is claimed.</summary>
    public LiveJob? Live { get; set; }

    /// <summary>The chunk that it was claimed with; null for one that is tried again.</summary>
    public ClaimedChunk? Chunk { get; set; }
}
