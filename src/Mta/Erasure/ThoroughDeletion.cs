using Delivery.Mta.Spool;

namespace Delivery.Mta.Erasure;

/// <summary>
/// Until it is disposed of, pages that become free are overwritten with zeros. The spool otherwise does so within pages alone, and leaves what was
/// too long for one page to be written over some day (SQLite, PRAGMA secure_delete).
/// </summary>
internal sealed class ThoroughDeletion : IDisposable
{
    private readonly SpoolSession _session;

    public ThoroughDeletion(SpoolSession session)
    {
        _session = session;
        Set("ON");
    }

    public void Dispose() => Set("FAST");

    private void Set(string mode)
    {
        using var row = _session.Read("PRAGMA secure_delete=" + mode);
        row.Read();
    }
}
