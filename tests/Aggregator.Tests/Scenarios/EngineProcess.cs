using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>The embedded ClickHouse engine as a process of its own, on a free port.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    public string Url => $"http://127.0.0.1:{_port}";

    public static async Task<EngineProcess> StartAsync()
    {
        var engine = new EngineProcess();
        await engine.LaunchAsync();
        return engine;
    }

    public async Task LaunchAsync()
    {
        _process = ChildProcess.Start("EmbeddedClickHouse", $"--EmbeddedClickHouse:Url={Url}", $"--EmbeddedClickHouse:Path={_folder.File("data")}");
        using var http = new HttpClient();
        await Eventually.HoldsAsync(
            async () => (await http.GetAsync(Url + "/ping")).IsSuccessStatusCode, "the engine answers", TimeSpan.FromSeconds(60));
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
            await _process.KillAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
