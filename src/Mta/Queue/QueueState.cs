namespace Delivery.Mta.Queue;

/// <summary>Where a recipient without an outcome stands; see <see cref="QueueCounts"/>.</summary>
internal enum QueueState
{
    InFlight,
    Deferred,
    Waiting,
    Held,
}
