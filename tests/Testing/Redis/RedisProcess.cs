using System.Diagnostics;
using StackExchange.Redis;

namespace Delivery.Testing;

/// <summary>A real Redis on a free loopback port, with AOF and noeviction as the launcher starts it.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private Process? _process;

    private RedisProcess(string[] arguments) => _arguments = arguments;

    public int Port { get; } = FreePort.Next();

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Starts one; <paramref name="arguments"/> such as <c>--appendfsync always</c> come after the defaults.</summary>
    public static async Task<RedisProcess> StartAsync(params string[] arguments)
    {
        var redis = new RedisProcess(arguments);
        await redis.LaunchAsync();
        return redis;
    }

    public async Task<ConnectionMultiplexer> ConnectAsync() =>
        await ConnectionMultiplexer.ConnectAsync($"{Address},abortConnect=false,allowAdmin=true,connectTimeout=5000,syncTimeout=10000");

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>kill -9 and a start on the same data and port.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await LaunchAsync();
    }

    /// <summary>Starts again after <see cref="KillAsync"/>.</summary>
    public async Task LaunchAsync()
    {
        var start = new ProcessStartInfo(RepositoryRoot.Tool("bin/redis-server"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] defaults =
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--appendonly", "yes",
            "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
        ];
        foreach (var argument in defaults.Concat(_arguments))
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                var stream = client.GetStream();
                await stream.WriteAsync("PING\r\n"u8.ToArray());
                var buffer = new byte[16];
                var read = await stream.ReadAsync(buffer);
                return buffer.AsSpan(0, read).StartsWith("+PONG"u8);
            },
            "Redis answers PING");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
