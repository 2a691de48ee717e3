namespace Delivery.Mta.Spool;

/// <summary>Several writes, all of which reach the disk or none.</summary>
internal sealed class WrittenTogether(IReadOnlyList<SpoolWrite> writes) : SpoolWrite
{
    public override void Apply(SpoolSession session)
    {
        for (var i = 0; i < writes.Count; i++)
            writes[i].Apply(session);
    }
}
