namespace Delivery.Mta.Spool;

/// <summary>A started job with recipients that have no outcome yet.</summary>
/// <param name="Next">The first recipient that was never claimed.</param>
/// <param name="Open">Recipients without an outcome.</param>
/// <param name="NotBeforeMs">0 for none.</param>
/// <param name="ExpiresMs"><see cref="long.MaxValue"/> for none.</param>
/// <param name="NextDueMs">When its next retry is due; <see cref="long.MaxValue"/> where none waits.</param>
internal sealed record UnfinishedJob(
    ulong Id, uint Account, uint Next, uint Accepted, long Open, bool Transactional, JobHold Hold, long NotBeforeMs, long ExpiresMs, double? MaxRate, long NextDueMs);
