namespace Delivery.Contracts.Events;

/// <summary>Why a peer refused, in SparkPost's terms. Wire format and ClickHouse Enum8.</summary>
public enum BounceClass : byte
{
    None = 0,
    Undetermined = 1,
    InvalidRecipient = 10,
    SoftBounce = 20,
    DnsFailure = 21,
    MailboxFull = 22,
    TooLarge = 23,
    Timeout = 24,
    AdminFailure = 25,
    GenericBounce = 30,
    MailBlock = 50,
    SpamBlock = 51,
    SpamContent = 52,
    ProhibitedAttachment = 53,
    RelayingDenied = 54,
    TransientFailure = 70,
}
