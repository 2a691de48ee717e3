using Delivery.Mta.Spool;

namespace Delivery.Mta.Lanes;

/// <summary>What a job's turn takes of it.</summary>
internal sealed class ClaimedTurn(LiveJob job, int quota)
{
    public LiveJob Job => job;

    /// <summary>At most so many.</summary>
    public int Quota { get; } = quota;

    public List<SpooledRecipient> Recipients { get; set; } = [];

    /// <summary>Where the claim of recipients that were never claimed ends; 0 where they are ones that are tried again.</summary>
    public uint End { get; set; }

    /// <summary>Ordinals of those that have had all that the cap on their mail allows; null for none.</summary>
    public HashSet<uint>? Capped { get; set; }

    /// <summary>Their claim, where they are ones that are tried again.</summary>
    public ClaimRetries? Retries { get; set; }

    /// <summary>The places that it holds.</summary>
    public int Held { get; set; } = quota;

    /// <summary>The claim is on disk: its places go back with the outcomes.</summary>
    public bool IsDone { get; set; }
}
