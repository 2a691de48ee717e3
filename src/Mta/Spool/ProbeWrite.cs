namespace Delivery.Mta.Spool;

/// <summary>Changes nothing and goes the whole way to the disk: tells whether it takes commits again.</summary>
internal sealed class ProbeWrite : SpoolWrite
{
    public override void Apply(SpoolSession session) => session.Run("UPDATE producer SET id = id");
}
