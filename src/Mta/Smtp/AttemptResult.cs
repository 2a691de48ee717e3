namespace Delivery.Mta.Smtp;

/// <summary>How one attempt to hand a message to a peer ended.</summary>
internal enum AttemptResult : byte
{
    /// <summary>The peer answered 2yz after the final dot: the message is now the peer's.</summary>
    Delivered,

    /// <summary>A permanent refusal, 5yz from the peer or made here before a byte was sent.</summary>
    Refused,

    /// <summary>A transient refusal, 4yz: the message may be tried again later and has used up an attempt.</summary>
    Deferred,

    /// <summary>
    /// The connection ended first. Not the message's fault: it goes back to its owner and costs no attempt.
    /// <see cref="DeliveryAttempt.Uncertain"/> says whether the peer may have taken it nevertheless.
    /// </summary>
    ConnectionLost,
}
