using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Delivery.Testing;

/// <summary>One of the programs as a process of its own, as it was built beside the tests.</summary>
public sealed partial class ProgramProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const string Listening = "Now listening on: ";

    private readonly string _name;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    private ProgramProcess(string name, IReadOnlyDictionary<string, string> settings)
    {
        _name = name;
        _settings = settings;
    }

    /// <summary>Where it listens; a fresh one after each start unless the settings fix the port.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>All lines that it wrote so far, of all its runs.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Of the run that goes on.</summary>
    public int ProcessId => _process!.Id;

    public bool IsRunning => _process is { HasExited: false };

    /// <param name="name">Project name, such as <c>Mta</c>.</param>
    /// <param name="settings">As environment variables, such as <c>Mta__Spool</c>.</param>
    /// <param name="ready">Wait for <c>/readyz</c>, not only for the port.</param>
    public static async Task<ProgramProcess> StartAsync(string name, IReadOnlyDictionary<string, string> settings, bool ready = true)
    {
        var program = new ProgramProcess(name, settings);
        await program.LaunchAsync(ready);
        return program;
    }

    /// <summary>Runs it to its end, as for settings that stop the start. Returns exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string name, IReadOnlyDictionary<string, string> settings)
    {
        await using var program = new ProgramProcess(name, settings);
        program.Begin();
        await program._process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (program._process.ExitCode, string.Join('\n', program._output));
    }

    /// <summary>Starts it again with the same settings.</summary>
    public async Task LaunchAsync(bool ready = true)
    {
        var before = _output.Count;
        Begin();
        await Eventually.HoldsAsync(
            () =>
            {
                if (_process!.HasExited)
                    return true;
                var line = _output.Skip(before).FirstOrDefault(line => line.Contains(Listening, StringComparison.Ordinal));
                if (line is null)
                    return false;
                Url = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Split('"')[0].Trim());
                return true;
            },
            $"{_name} listens");
        if (_process!.HasExited)
            throw new InvalidOperationException($"{_name} ended with {_process.ExitCode}:\n{string.Join('\n', _output)}");
        if (!ready)
            return;
        using var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await client.GetAsync("/readyz");
                return answer.IsSuccessStatusCode;
            },
            $"{_name} is ready");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        _ = SendSignal(_process!.Id, Sigterm);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private void Begin()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "artifacts", "bin", _name);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(folder, Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory)!), $"Delivery.{_name}.dll"));
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is { } line)
            _output.Enqueue(line);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
