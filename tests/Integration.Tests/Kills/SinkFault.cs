namespace Delivery.Integration.Tests.Kills;

/// <summary>What a <see cref="SinkLedger"/> does to a recipient's mail.</summary>
internal enum SinkFault
{
    None,

    /// <summary>450 at the first RCPT.</summary>
    PutsOff,

    /// <summary>550 at every RCPT.</summary>
    Refuses,

    /// <summary>Takes the first message and closes the connection without an answer.</summary>
    LeavesUnanswered,
}
