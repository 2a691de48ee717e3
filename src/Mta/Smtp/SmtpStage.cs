namespace Delivery.Mta.Smtp;

/// <summary>How far a message got on a connection before its outcome was known.</summary>
internal enum SmtpStage : byte
{
    /// <summary>No byte of the message's transaction was sent.</summary>
    None,
    Mail,
    Rcpt,
    Data,

    /// <summary>The peer said 354, or BDAT was sent, and the body was not yet wholly handed to the socket.</summary>
    Body,

    /// <summary>The body, with its final dot after DATA, was wholly handed to the socket; what counts is the answer to the dot or to BDAT.</summary>
    Final,
}
