using System.Diagnostics;
using System.Text;

namespace Delivery.Testing;

/// <summary>
/// The embedded ClickHouse program as a process of its own on a free loopback port. It owns its data folder unless the
/// caller named one. Not thread-safe, except for <see cref="QueryAsync"/> and <see cref="Client"/>.
/// </summary>
public sealed class ClickHouseProcess : IAsyncDisposable
{
    public const string ReaderPassword = "reader-of-tests";
    private const int Sigterm = 15;
    private const string Program = "artifacts/bin/EmbeddedClickHouse/release/Delivery.EmbeddedClickHouse.dll";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly bool _ownsData;
    private readonly string[] _arguments;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private ClickHouseProcess(string dataPath, bool ownsData, int port, string[] arguments)
    {
        DataPath = dataPath;
        _ownsData = ownsData;
        _arguments = arguments;
        Url = new Uri($"http://127.0.0.1:{port}/");
        Client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Url { get; }

    public string DataPath { get; }

    /// <summary>Speaks to the process as the user <c>default</c>.</summary>
    public HttpClient Client { get; }

    /// <summary>While it runs.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The exit code after <see cref="StopAsync"/>, <see cref="KillAsync"/> or <see cref="EndedAsync"/>.</summary>
    public int ExitCode { get; private set; }

    /// <summary>All that the process has written, both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts the program and waits until it answers. A data folder that is given is kept on dispose.</summary>
    public static Task<ClickHouseProcess> StartAsync(string? dataPath = null) => StartAsync(dataPath, []);

    /// <summary>As <see cref="StartAsync(string?)"/>, with further arguments such as <c>--EmbeddedClickHouse:Connections=2</c>.</summary>
    public static async Task<ClickHouseProcess> StartAsync(string? dataPath, params string[] arguments)
    {
        var path = dataPath ?? Directory.CreateTempSubdirectory("delivery-clickhouse-").FullName;
        for (var attempt = 1; ; attempt++)
        {
            var server = new ClickHouseProcess(path, dataPath is null, FreePort.Next(), arguments);
            try
            {
                await server.LaunchAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3 && server.Output.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                server.Client.Dispose();
            }
        }
    }

    /// <summary>Ends the process at once with SIGKILL, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        await EndAsync(process);
    }

    /// <summary>Asks the process to stop with SIGTERM and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process) return;
        using var kill = Process.Start("kill", ["-" + Sigterm, process.Id.ToString()]);
        await kill.WaitForExitAsync();
        await EndAsync(process);
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    public async Task EndedAsync()
    {
        if (_process is { } process) await EndAsync(process).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Starts it again on the same data and port, after stopping it where it still runs.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await LaunchAsync();
    }

    /// <summary>Sends one statement and gives the answer's text.</summary>
    /// <exception cref="HttpRequestException">The engine refused it; the message is the engine's.</exception>
    public async Task<string> QueryAsync(string sql)
    {
        using var content = new StringContent(sql);
        using var response = await Client.PostAsync("/", content);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new HttpRequestException(text, null, response.StatusCode);
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        if (_ownsData) Directory.Delete(DataPath, recursive: true);
    }

    /// <summary>Runs the program with these arguments to its end, for starts that must fail.</summary>
    public static async Task<(int ExitCode, string Error)> RunToEndAsync(params string[] arguments)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    private async Task LaunchAsync()
    {
        string[] own =
        [
            "--EmbeddedClickHouse:Path=" + DataPath, "--EmbeddedClickHouse:Url=" + Url.GetLeftPart(UriPartial.Authority),
            "--EmbeddedClickHouse:ReaderPassword=" + ReaderPassword, .. _arguments,
        ];
        var process = Process.Start(StartInfo(own))!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        var clock = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (process.HasExited || clock.Elapsed > StartDeadline)
            {
                await KillAsync();
                throw new InvalidOperationException("The embedded ClickHouse did not start: " + Output);
            }

            await Task.Delay(50);
        }
    }

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var program = Path.Combine(RepositoryRoot.Path, Program);
        return new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = RepositoryRoot.Path,
        };
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await Client.GetStringAsync("/ping") == "Ok.\n";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task EndAsync(Process process)
    {
        await process.WaitForExitAsync();
        ExitCode = process.ExitCode;
        process.Dispose();
        _process = null;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }
}
