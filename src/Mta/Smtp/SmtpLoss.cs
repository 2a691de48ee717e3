namespace Delivery.Mta.Smtp;

/// <summary>Why a connection cannot be used any longer.</summary>
internal enum SmtpLoss : byte
{
    /// <summary>The peer closed or reset the connection, or it could not be reached.</summary>
    Broken,

    /// <summary>The peer ended the connection while no message was on it.</summary>
    Idle,

    /// <summary>A stage's deadline passed.</summary>
    TimedOut,

    /// <summary>The bound for finishing after a stop passed.</summary>
    Stopped,

    /// <summary>The peer sent what is not a reply, or a reply nobody asked for.</summary>
    Malformed,

    /// <summary>A reply line or a whole reply was over its cap.</summary>
    TooLong,

    /// <summary>The peer said 421, or refused the session in its banner or at EHLO.</summary>
    Refused,

    /// <summary>The peer offers CHUNKING and does not keep its rules: it gets its messages in another way.</summary>
    Unfit,

    /// <summary>TLS could not be had as the policy asks for it.</summary>
    Insecure,

    /// <summary>AUTH failed: the relay does not take the credentials, or cannot be trusted with them.</summary>
    LoginRefused,
}
