using System.Runtime.InteropServices;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>Ends of the process that need nothing of the engine, whose threads may never return.</summary>
internal static partial class ProcessEnd
{
    /// <summary>The exit code of a process whose engine is stuck. When .NET is stuck too, SIGALRM ends it: 142 as a shell tells it.</summary>
    public const int StuckCode = 3;

    /// <summary>Ends the process unless it is put off again within this time, by whole seconds; zero calls it off.</summary>
    public static void PutOff(TimeSpan time) => _ = Alarm((uint)Math.Ceiling(time.TotalSeconds));

    /// <summary>Writes one line to standard error and ends the process, without the library's own end, which would wait.</summary>
    public static void Now(string line)
    {
        Console.Error.WriteLine(line);
        Exit(StuckCode);
    }

    [LibraryImport("libc", EntryPoint = "alarm")]
    private static partial uint Alarm(uint seconds);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
