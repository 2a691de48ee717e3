using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary><c>delivery up</c> as an operator starts it, on free ports and with a data folder of its own.</summary>
internal sealed partial class UpProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int Services = 6;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;

    private UpProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory)!);
        start.ArgumentList.Add(Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "Cli", configuration, "Delivery.Cli.dll"));
        start.ArgumentList.Add("up");
        string[] given = [.. arguments];
        Data = Array.IndexOf(given, "--data") is >= 0 and var at ? given[at + 1] : _folder.File("data");
        foreach (var argument in given.Concat(given.Contains("--data") ? [] : ["--data", Data]).Concat(["--port-base", $"{FreePort.Block(Services)}"]))
            start.ArgumentList.Add(argument);
        // Readers of these tests read as the mail comes, which people do not.
        start.Environment["Tracker__Classification__ClickTooSoon"] = start.Environment["Tracker__Classification__OpenTooSoon"] = "00:00:00";
        start.Environment["Aggregator__Hindsight__Enabled"] = "false";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
    }

    public JsonElement Addresses { get; private set; }

    /// <summary>The data folder: that of the arguments, else one that goes with this.</summary>
    public string Data { get; }

    public string Mta => Addresses.GetProperty("mta").GetString()!;

    public string Tracker => Addresses.GetProperty("tracker").GetString()!;

    public string Reports => Addresses.GetProperty("reports").GetString()!;

    public string ClickHouse => Addresses.GetProperty("clickhouse").GetString()!;

    public string Key => Addresses.GetProperty("api_key").GetString()!;

    /// <summary>Returns once the line <c>ready {…}</c> was printed.</summary>
    public static async Task<UpProcess> StartAsync(IReadOnlyDictionary<string, string>? settings, params string[] arguments)
    {
        var up = new UpProcess(arguments, settings);
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (await up._process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (!line.StartsWith("ready {", StringComparison.Ordinal))
                continue;
            up.Addresses = JsonDocument.Parse(line["ready ".Length..]).RootElement.Clone();
            _ = up._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return up;
        }

        throw new InvalidOperationException("up ended before it was ready: " + string.Join('\n', up._errors));
    }

    /// <summary>kill -9 of one of the services, told by a part of its command line; the launcher is to start it again.</summary>
    public async Task KillChildAsync(string program)
    {
        var child = Children().Single(child => child.CommandLine.Contains(program, StringComparison.Ordinal)).Id;
        using (var victim = Process.GetProcessById(child))
        {
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        await Eventually.HoldsAsync(
            () => Children().Any(one => one.Id != child && one.CommandLine.Contains(program, StringComparison.Ordinal)), $"{program} was started again");
    }

    /// <summary>kill -9 of the launcher; its children end with it.</summary>
    public async Task KillAsync()
    {
        var children = Children();
        _process.Kill();
        await _process.WaitForExitAsync();
        await Eventually.HoldsAsync(() => !children.Any(child => Directory.Exists($"/proc/{child.Id}")), "the children ended too");
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        _ = SendSignal(_process.Id, Sigterm);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Runs curl with the API key; returns what it printed.</summary>
    public Task<string> CurlAsync(params string[] arguments) =>
        Shell.RunAsync("curl", ["-s", "--max-time", "20", "-H", $"Authorization: Bearer {Key}", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private List<(int Id, string CommandLine)> Children()
    {
        var children = new List<(int, string)>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (!int.TryParse(Path.GetFileName(folder), out var id))
                    continue;
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[1] == $"{_process.Id}" && fields[0] != "Z")
                    children.Add((id, File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ')));
            }
            catch (IOException)
            {
                // The process ended while it was looked at.
            }
        }

        return children;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
