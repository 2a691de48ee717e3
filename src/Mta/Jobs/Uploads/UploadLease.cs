using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>The right to add to a job, held by one at a time.</summary>
internal sealed class UploadLease(OpenUploads uploads, ulong job) : IDisposable
{
    private SeenKeys? _seen;

    public ulong Job => job;

    /// <summary>The addresses that the job has. <see cref="Prepare"/> comes first.</summary>
    public SeenKeys Seen => _seen ?? throw new InvalidOperationException("The lease is not prepared.");

    /// <summary>Gets the addresses that the job has: those of the upload before, or, as after a restart, read from the spool.</summary>
    /// <param name="accepted">How many they are.</param>
    public void Prepare(long accepted) => _seen = uploads.SeenOf(job, accepted);

    public void Dispose() => uploads.Return(this, _seen);
}
