namespace Delivery.Mta.Smtp;

/// <summary>What a failure speaks of, and so whom else it concerns.</summary>
internal enum FailureScope : byte
{
    /// <summary>This recipient's address only.</summary>
    Recipient,

    /// <summary>This message: its sender, size or content.</summary>
    Message,

    /// <summary>This connection; another connection to the same host may fare better.</summary>
    Session,

    /// <summary>The whole destination: it is away or does not want to talk to us.</summary>
    Site,
}
