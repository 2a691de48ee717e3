namespace Delivery.Mta.Spool;

/// <summary>A change to the spool: applied with others in one commit, on disk when <see cref="SpoolWriter.CommitAsync"/> returns.</summary>
internal abstract class SpoolWrite
{
    internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs inside the commit; may run again after a rollback. What it throws fails this write alone.</summary>
    public abstract void Apply(SpoolSession session);
}
