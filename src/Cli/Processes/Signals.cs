using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Delivery.Cli.Processes;

/// <summary>.NET can only kill; a clean stop needs SIGTERM.</summary>
internal static class Signals
{
    private const int Sigterm = 15;

    /// <summary>Asks the process to end. Does nothing when it has ended.</summary>
    public static void Terminate(Process process)
    {
        if (!process.HasExited)
            _ = Kill(process.Id, Sigterm);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
