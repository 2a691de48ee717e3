using System.Runtime.InteropServices;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// The process's signal handlers, kept over the engine's start, which installs handlers of its own. One of them takes
/// SIGRTMIN, for <c>system.stack_trace</c>. .NET stops its threads with that signal before it collects garbage: the
/// engine's handler neither stops the thread nor is safe in a thread that the engine has not seen yet, where it
/// allocates memory and, in the middle of an allocation, waits for itself forever and the whole process with it.
/// </summary>
internal sealed unsafe partial class SignalHandlers
{
    private const int Signals = 64;

    /// <summary>More than <c>struct sigaction</c> takes on any machine that this runs on (152 bytes with glibc).</summary>
    private const int Size = 256;

    private readonly byte[] _kept = new byte[(Signals + 1) * Size];
    private readonly bool[] _known = new bool[Signals + 1];

    /// <summary>Remembers the handlers as they are now.</summary>
    public SignalHandlers()
    {
        fixed (byte* kept = _kept)
        {
            for (var signal = 1; signal <= Signals; signal++)
                _known[signal] = SigAction(signal, null, kept + (signal * Size)) == 0;
        }
    }

    /// <summary>Gives each signal the handler that was remembered.</summary>
    public void Restore()
    {
        fixed (byte* kept = _kept)
        {
            // SIGKILL and SIGSTOP have no handler to set; the call's refusal changes nothing.
            for (var signal = 1; signal <= Signals; signal++)
                if (_known[signal]) _ = SigAction(signal, kept + (signal * Size), null);
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SigAction(int signal, byte* action, byte* previous);
}
