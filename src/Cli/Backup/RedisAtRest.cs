using System.Net;
using System.Net.Sockets;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;

namespace Delivery.Cli.Backup;

/// <summary>The launcher's Redis, started for a moment while the installation stands still, and stopped with everything on disk.</summary>
internal sealed class RedisAtRest : IAsyncDisposable
{
    private readonly ChildGroup _children;

    private RedisAtRest(ChildGroup children, int port)
    {
        _children = children;
        Address = $"127.0.0.1:{port}";
    }

    public string Address { get; }

    /// <param name="data">The data folder, which the caller holds.</param>
    /// <exception cref="LaunchException">It does not start.</exception>
    public static async Task<RedisAtRest> StartAsync(string data, TimeProvider time)
    {
        var port = FreePort();
        var folder = Directory.CreateDirectory(Path.Combine(data, "redis"), WholeFile.OwnerFolder).FullName;
        var children = new ChildGroup(Path.Combine(data, "logs"), new Notices(Console.Error), time);
        try
        {
            await children.StartAsync(
                [
                    new ChildSpec
                    {
                        Name = "redis",
                        Command =
                        [
                            Programs.RedisServer, "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec",
                            "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no",
                        ],
                        Ready = Probes.Redis(port),
                        Grace = TimeSpan.FromMinutes(1),
                    },
                ],
                CancellationToken.None);
            return new RedisAtRest(children, port);
        }
        catch
        {
            await children.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _children.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
