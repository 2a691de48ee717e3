using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Delivery.Testing;

/// <summary>
/// A program that a test kills, stops and starts again, over and over with the same command line. Waits for nothing: a program may be
/// killed before it is ready. All its runs write to one log file. Not thread-safe.
/// </summary>
public sealed partial class RestartableProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private readonly IReadOnlyList<string> _command;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly StreamWriter _log;
    private readonly Lock _gate = new();
    private Process? _process;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="log">File that its output is added to, each line led by the time (UTC).</param>
    public RestartableProcess(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string log)
    {
        Name = name;
        _command = command;
        _environment = environment;
        _log = new StreamWriter(log, append: true) { AutoFlush = true };
    }

    public string Name { get; }

    /// <summary>Whether its last run goes on; false as well when it ended by itself.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The command line of one of the repository's programs, as it was built beside the tests.</summary>
    public static IReadOnlyList<string> Program(string project)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory)!);
        return ["dotnet", Path.Combine(RepositoryRoot.Path, "artifacts", "bin", project, configuration, $"Delivery.{project}.dll")];
    }

    public void Start()
    {
        var start = new ProcessStartInfo(_command[0], _command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        Write($"---- started as process {_process.Id}");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>kill -9; returns the exit code when it is gone. One that had ended by itself keeps its own code.</summary>
    public async Task<int> KillAsync()
    {
        if (_process is not { } process)
            return 0;
        process.Kill();
        await process.WaitForExitAsync();
        return Forget(process);
    }

    /// <summary>SIGTERM. Returns the exit code and how long the stop took; after <paramref name="limit"/> it is killed and the code is null.</summary>
    public async Task<(int? ExitCode, TimeSpan Took)> StopAsync(TimeSpan limit)
    {
        if (_process is not { } process)
            return (0, TimeSpan.Zero);
        var watch = Stopwatch.StartNew();
        _ = SendSignal(process.Id, Sigterm);
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return (null, watch.Elapsed);
        }

        return (Forget(process), watch.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        lock (_gate) _log.Dispose();
    }

    private int Forget(Process process)
    {
        var code = process.ExitCode;
        Write($"---- process {process.Id} ended with {code}");
        process.Dispose();
        _process = null;
        return code;
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is { } line) Write(line);
    }

    private void Write(string line)
    {
        lock (_gate) _log.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
