namespace Delivery.Contracts.Events;

/// <summary>
/// What happened to a recipient. The values are the wire format and ClickHouse's Enum8: they never change and are never reused.
/// </summary>
public enum EventKind : byte
{
    /// <summary>The job API took the recipient: it is in the spool. Carries the recipient's dimension.</summary>
    Accepted = 1,

    /// <summary>Outcome: the peer answered 2yz after the final dot.</summary>
    Delivered = 2,

    /// <summary>An attempt failed for now; the recipient is tried again. Not an outcome.</summary>
    Deferred = 3,

    /// <summary>Outcome: the peer refused for good (5yz).</summary>
    Bounced = 4,

    /// <summary>Outcome: never handed to a peer; <see cref="DeliveryEvent.Reason"/> says why.</summary>
    Dropped = 5,

    /// <summary>Outcome: still deferred when the time for trying ran out.</summary>
    Expired = 6,

    /// <summary>A bounce message that came back after delivery. Never rewrites the outcome.</summary>
    OutOfBand = 7,

    Opened = 8,
    Clicked = 9,
    Unsubscribed = 10,
    Resubscribed = 11,
    Complained = 12,
}

/// <summary>Kinds of dimension records, numbered beside <see cref="EventKind"/> so that one byte tells every record apart.</summary>
public static class DimensionKind
{
    public const byte Job = 65;
    public const byte Link = 66;

    /// <summary>A piece of a job's mail as reports show it.</summary>
    public const byte Mail = 67;

    /// <summary>True for a kind this version can read, event or dimension.</summary>
    public static bool IsKnown(byte kind) => kind is (>= (byte)EventKind.Accepted and <= (byte)EventKind.Complained) or Job or Link or Mail;

    /// <summary>True for a kind that is about a job and becomes no event.</summary>
    public static bool IsDimension(byte kind) => kind is Job or Link or Mail;
}
