using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Spool;

/// <summary>A disk in memory of a few megabytes, mounted where the tests run as root on Linux.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    private string Ballast => _folder.File("ballast");

    /// <summary>Null where this user may not mount.</summary>
    public static SmallDisk? TryMount(int megabytes)
    {
        var disk = new SmallDisk();
        if (Environment.UserName == "root" && OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path) == 0)
            return disk;
        disk._folder.Dispose();
        return null;
    }

    /// <summary>Takes up this many bytes, or all that there are.</summary>
    public void Fill(long bytes = long.MaxValue)
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            for (var written = 0L; written < bytes; written += block.Length)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full, as asked for.
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        _ = Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
