using System.Collections.Concurrent;
using System.Diagnostics;

namespace Delivery.Cli.Processes;

/// <summary>
/// Starts children that end with the launcher, also when it is killed, and that a Ctrl-C in the terminal does not reach
/// before the launcher does. util-linux's setpriv and setsid do that where they are installed. Thread-safe.
/// </summary>
/// <remarks>
/// The kernel sends the death signal when the <em>thread</em> that forked ends, and the pool's threads come and go:
/// so all starts happen on one thread that lives as long as this object.
/// </remarks>
internal sealed class ProcessStarter : IDisposable
{
    /// <summary>Appends both outputs to the file given first, reads nothing, and becomes the program.</summary>
    private const string Redirect = "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";
    private const int PendingStarts = 64;
    private readonly BlockingCollection<Action> _starts = new(PendingStarts);
    private readonly string[] _prefix = Prefix();
    private readonly Thread _thread;

    public ProcessStarter()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "process starter" };
        _thread.Start();
    }

    /// <summary>Starts <paramref name="spec"/> with both outputs appended to <paramref name="log"/>. The caller owns the process.</summary>
    public Task<Process> StartAsync(ChildSpec spec, string log)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (IEnumerable<string>)["-c", Redirect, "sh", log, .. _prefix, .. spec.Command])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;
        var completion = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() =>
        {
            try
            {
                completion.SetResult(Process.Start(start)!);
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
            {
                completion.SetException(e);
            }
        });
        return completion.Task;
    }

    public void Dispose()
    {
        _starts.CompleteAdding();
        _thread.Join();
        _starts.Dispose();
    }

    private static string[] Prefix()
    {
        List<string> prefix = [];
        if (OnPath("setsid"))
            prefix.Add("setsid");
        if (OnPath("setpriv"))
            prefix.AddRange(["setpriv", "--pdeathsig", "TERM", "--"]);
        return [.. prefix];
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private void Run()
    {
        foreach (var start in _starts.GetConsumingEnumerable())
            start();
    }
}
