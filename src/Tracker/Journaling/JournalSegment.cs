using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Delivery.Tracker.Journaling;

/// <summary>One file of the journal. Its bytes up to <see cref="Length"/> are whole entries and never change; only the newest grows.</summary>
internal sealed partial class JournalSegment(long id, string path, SafeFileHandle file, int headerBytes, int shards) : IDisposable
{
    /// <summary>EINTR.</summary>
    private const int Interrupted = 4;

    private long _length = headerBytes;

    public long Id => id;

    public string Path => path;

    public SafeFileHandle File => file;

    /// <summary>Where the first entry begins.</summary>
    public int HeaderBytes => headerBytes;

    /// <summary>Where the last entry ends. Written by one thread at a time, read by any.</summary>
    public long Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    /// <summary>Bytes known to be on disk.</summary>
    public long Synced { get; set; }

    /// <summary>Per shard the end of its last entry here; 0 where it has none.</summary>
    public long[] Ends { get; } = new long[shards];

    /// <summary>Timestamp since which Redis has all of it; 0 while it has not.</summary>
    public long DoneAt { get; set; }

    /// <summary>Puts it on disk, or does nothing where it was removed meanwhile.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Flush()
    {
        try
        {
            var length = Length;
            if (OperatingSystem.IsLinux())
                FlushData();
            else
                RandomAccess.FlushToDisk(file);
            Synced = length;
        }
        catch (ObjectDisposedException)
        {
            // Redis has all of it.
        }
    }

    public void Dispose() => file.Dispose();

    private void FlushData()
    {
        while (SyncData(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>fdatasync(2): the bytes and the length, not the time of the last change, which costs a write of its own.</summary>
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);
}
