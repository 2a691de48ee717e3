using Delivery.Mta.Spool;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Places between the spool and an outcome. Taken before a claim, given back when the outcome is on disk:
/// bounds memory, and makes every queue behind it large enough by itself. Transactional mail has places of its own, a quarter more,
/// so that a full pipeline of bulk mail never keeps it waiting. Knows who has them. Thread-safe.
/// </summary>
internal sealed class InFlight(IOptions<MtaOptions> options)
{
    private const int UrgentShare = 4;

    private readonly Lock _gate = new();
    private readonly List<SpooledRecipient> _claimed = [];

    public Places Bulk { get; } = new(options.Value.MaxInFlight);

    public Places Urgent { get; } = new(options.Value.MaxInFlight / UrgentShare);

    /// <summary>All places.</summary>
    public int Capacity => Bulk.Capacity + Urgent.Capacity;

    /// <summary>Places that are taken.</summary>
    public int Count => Bulk.Count + Urgent.Count;

    public Places Of(bool urgent) => urgent ? Urgent : Bulk;

    /// <summary>Notes who has the places that were taken. Those with an outcome are cleared out once all together are twice as many as there are places.</summary>
    public void Claimed(List<SpooledRecipient> recipients)
    {
        lock (_gate)
        {
            if (_claimed.Count >= 2 * Capacity)
                _claimed.RemoveAll(static one => one.HasOutcome);
            _claimed.AddRange(recipients);
        }
    }

    /// <summary>Those in flight now.</summary>
    public List<SpooledRecipient> Recipients()
    {
        lock (_gate)
            return _claimed.FindAll(static one => !one.HasOutcome);
    }
}
