namespace Delivery.Mta.Spool;

/// <summary>What was decided about a job that runs. Stored in the spool: values never change.</summary>
internal enum JobHold : byte
{
    None = 0,

    /// <summary>Nothing new of it leaves until it is resumed.</summary>
    Paused = 1,

    /// <summary>Nothing new of it leaves any more; who has no outcome ends as dropped.</summary>
    Cancelled = 2,
}
