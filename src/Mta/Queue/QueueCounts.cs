namespace Delivery.Mta.Queue;

/// <summary>How many recipients without an outcome stand where.</summary>
/// <param name="Waiting">Never tried, and free to be.</param>
/// <param name="Held">Never tried, of a job that is open, paused or planned for later.</param>
/// <param name="InFlight">Between the spool and their outcome.</param>
/// <param name="Deferred">Tried before, or given back, and waiting for their next attempt.</param>
internal sealed record QueueCounts(long Waiting, long Held, long InFlight, long Deferred);
