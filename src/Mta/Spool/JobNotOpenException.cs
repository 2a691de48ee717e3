namespace Delivery.Mta.Spool;

/// <summary>The job takes no recipients any more; nothing was written.</summary>
internal sealed class JobNotOpenException(ulong job) : InvalidOperationException($"Job {job} is not open, or has taken other lines meanwhile.");
