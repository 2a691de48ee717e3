using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Delivery.Cli.Processes;

/// <summary>Files of secrets: readable by the owner alone from the first byte on, and after a crash whole as before or whole as after.</summary>
internal static class WholeFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>On return the file is on disk under its name; where it throws, what was there before still is.</summary>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            await using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly }))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (Environment.IsPrivilegedProcess)
                await KeepOwnerAsync(temporary, File.Exists(path) ? path : folder);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        FlushFolder(folder);
    }

    /// <summary>A file that root writes stays the service's, which reads it as another user.</summary>
    private static async Task KeepOwnerAsync(string file, string like)
    {
        using var chown = Process.Start(new ProcessStartInfo("chown", [$"--reference={like}", file]))!;
        await chown.WaitForExitAsync();
        if (chown.ExitCode != 0)
            throw new IOException($"{file} could not be given to the owner of {like}");
    }

    /// <summary>Has the names in a folder on disk.</summary>
    public static void FlushFolder(string folder)
    {
        var handle = Open(folder, 0);
        if (handle < 0)
            return;
        _ = Fsync(handle);
        _ = Close(handle);
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
