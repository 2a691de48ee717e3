namespace Delivery.Mta.Lanes;

/// <summary>Where a job is in its <see cref="JobQueue"/>.</summary>
internal enum JobPlace : byte
{
    /// <summary>The queue has not seen it yet.</summary>
    New,

    /// <summary>Nowhere: there is nothing to do for it until somebody says so.</summary>
    Resting,

    /// <summary>In line for its next turn.</summary>
    InLine,

    /// <summary>Waits for a time.</summary>
    Waiting,

    /// <summary>With the feeder, which is claiming of it.</summary>
    Taken,

    /// <summary>With <see cref="JobEndings"/>, for good.</summary>
    Ending,
}
