using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Delivery.Tracker.Journaling;

/// <summary>The files of a journal. One program at a time holds the folder; the hold ends with the process, however it ends.</summary>
internal sealed partial class JournalFolder : IDisposable
{
    private const string Extension = ".journal";
    private const int ReadOnlyFlag = 0;
    private readonly FileStream _lock;

    private JournalFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <exception cref="InvalidDataException">Another tracker holds it, or it cannot be used; the message says what to do.</exception>
    public static JournalFolder Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Tracker:Journal: the folder {path} cannot be made: {e.Message}");
        }

        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            var held = new FileStream(file, Options(FileMode.OpenOrCreate, FileShare.None));
            foreach (var leftOver in Directory.EnumerateFiles(path, "*" + Extension + ".new"))
                File.Delete(leftOver);
            return new JournalFolder(path, held);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new InvalidDataException($"Tracker:Journal: another tracker uses the folder {path}: give each tracker a folder of its own.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Tracker:Journal: the folder {path} cannot be used: {e.Message}");
        }
    }

    /// <summary>Segments, oldest first.</summary>
    public List<(long Id, string Path)> Segments()
    {
        var found = new List<(long Id, string Path)>();
        foreach (var path in Directory.EnumerateFiles(Path, "*" + Extension))
        {
            if (long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                found.Add((id, path));
        }

        found.Sort();
        return found;
    }

    public static SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    /// <summary>A new file under its name, with the whole header in it or not there at all. On disk with the next <see cref="Sync"/> and its own flush.</summary>
    public (string Path, SafeFileHandle File) Create(long id, byte[] header)
    {
        var path = System.IO.Path.Combine(Path, id.ToString("D12", CultureInfo.InvariantCulture) + Extension);
        var temporary = path + ".new";
        using (var stream = new FileStream(temporary, Options(FileMode.Create, FileShare.None)))
            stream.Write(header);
        File.Move(temporary, path, overwrite: true);
        return (path, Open(path));
    }

    /// <summary>What the disk has left for this user; -1 where it does not tell.</summary>
    public long DiskFreeBytes()
    {
        try
        {
            return new DriveInfo(Path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return -1;
        }
    }

    /// <summary>Puts the names of the files on disk.</summary>
    public void Sync()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = OpenFolder(Path, ReadOnlyFlag);
        if (folder < 0)
            return;
        _ = SyncFolder(folder);
        _ = CloseFolder(folder);
    }

    public void Dispose() => _lock.Dispose();

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFolder(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseFolder(int descriptor);
}
