using Microsoft.Extensions.Options;

namespace Delivery.Mta.Spool;

/// <summary>
/// Whether the spool can take more recipients. Refuses them while the disk still has some room, which is kept for the outcomes of those on their way.
/// Thread-safe.
/// </summary>
internal sealed class SpoolRoom(SpoolWriter writer, SpoolDatabase database, IOptions<MtaOptions> options)
{
    private readonly DriveInfo _disk = new(database.Folder);

    /// <param name="coming">Recipients that are about to be committed.</param>
    public bool IsFull(long coming = 0) => writer.OpenRecipients + coming >= options.Value.MaxOpenRecipients;

    /// <summary>What the spool's disk has left, in bytes.</summary>
    public long FreeBytes => _disk.AvailableFreeSpace;

    public bool DiskIsFull() => options.Value.MinFreeBytes > 0 && _disk.AvailableFreeSpace < options.Value.MinFreeBytes;
}
