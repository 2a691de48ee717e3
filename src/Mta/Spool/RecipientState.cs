namespace Delivery.Mta.Spool;

/// <summary>Where a recipient stands. Stored in the spool: values never change.</summary>
internal enum RecipientState : byte
{
    /// <summary>Not tried yet, or claimed and on its way.</summary>
    Pending = 0,

    /// <summary>Tried at least once; waits for its next attempt or is in it.</summary>
    Deferred = 1,

    Delivered = 2,
    Bounced = 3,
    Expired = 4,
    Dropped = 5,
}
