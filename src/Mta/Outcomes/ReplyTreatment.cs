namespace Delivery.Mta.Outcomes;

/// <summary>What a rule makes of a reply beyond telling its class.</summary>
internal enum ReplyTreatment : byte
{
    /// <summary>As its code says: 4yz is tried again, 5yz is final.</summary>
    AsReplied,

    /// <summary>Tried again, whatever the code.</summary>
    Deferred,

    /// <summary>Final, whatever the code.</summary>
    Bounced,
}
