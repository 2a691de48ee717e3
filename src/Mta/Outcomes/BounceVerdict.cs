using Delivery.Contracts.Events;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Outcomes;

/// <summary>What the rules say of a reply. Immutable.</summary>
internal sealed record BounceVerdict
{
    /// <summary>For an attempt that ended without a reply.</summary>
    public static BounceVerdict NoReply { get; } = new() { Class = BounceClass.Timeout, Scope = FailureScope.Session };

    public required BounceClass Class { get; init; }

    /// <summary>Null: what the command that was refused is about.</summary>
    public FailureScope? Scope { get; init; }

    /// <summary>The peer says that there is no such address. Counts for a permanent reply only.</summary>
    public bool AddressIsUnknown { get; init; }

    public ReplyTreatment Treatment { get; init; }

    /// <summary>Name of the rule that matched; null for none.</summary>
    public string? Rule { get; init; }

    /// <summary>Set where no rule matched.</summary>
    public UnknownReply? Unknown { get; init; }
}
