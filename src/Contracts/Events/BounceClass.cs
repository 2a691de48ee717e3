namespace Delivery.Contracts.Events;

/// <summary>
/// Why a peer refused: SparkPost's classes by their numbers, and between them what KumoMTA tells apart beyond those.
/// Wire format and ClickHouse Enum8: values never change and are never reused.
/// </summary>
public enum BounceClass : byte
{
    None = 0,

    /// <summary>No rule knows the reply.</summary>
    Undetermined = 1,

    /// <summary>The address does not exist.</summary>
    InvalidRecipient = 10,

    /// <summary>The mailbox is there and takes no mail: disabled, suspended, locked.</summary>
    InactiveMailbox = 11,

    /// <summary>The domain does not exist or takes no mail (RFC 7505).</summary>
    BadDomain = 12,

    SoftBounce = 20,
    DnsFailure = 21,
    MailboxFull = 22,
    TooLarge = 23,

    /// <summary>No answer in time, or the connection was lost.</summary>
    Timeout = 24,
    AdminFailure = 25,

    /// <summary>No route to the destination, or a loop.</summary>
    RoutingError = 27,
    GenericBounce = 30,

    /// <summary>The peer does not take mail from us: our address, our network, its access rules.</summary>
    MailBlock = 50,

    /// <summary>The peer, or a block list it asks, takes us for a source of spam.</summary>
    SpamBlock = 51,

    /// <summary>The content looks like spam.</summary>
    SpamContent = 52,

    /// <summary>An attachment that is not taken, or malware.</summary>
    ProhibitedAttachment = 53,
    RelayingDenied = 54,

    /// <summary>SPF, DKIM, DMARC, reverse DNS, TLS or a login is missing or wrong.</summary>
    AuthFailure = 55,

    /// <summary>A rule of the recipient or of the recipient's organization.</summary>
    PolicyBlock = 56,

    /// <summary>The sender's address or domain is not accepted.</summary>
    InvalidSender = 57,
    TransientFailure = 70,
    Greylisted = 71,

    /// <summary>Too much mail, too many connections or recipients in a time.</summary>
    RateLimited = 72,

    /// <summary>The peer did not understand a command, or the message's format.</summary>
    ProtocolError = 73,
}
