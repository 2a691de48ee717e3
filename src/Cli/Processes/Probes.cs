using System.Net;
using System.Net.Sockets;

namespace Delivery.Cli.Processes;

/// <summary>Asks a child whether it takes work. A probe that finds nobody throws or says no; both mean not yet.</summary>
internal static class Probes
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>200 from the address.</summary>
    public static Func<CancellationToken, Task<bool>> Http(Uri address) => async cancellation =>
    {
        using var response = await Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return response.StatusCode == HttpStatusCode.OK;
    };

    /// <summary>PONG, which a Redis that still reads its append-only file does not say.</summary>
    public static Func<CancellationToken, Task<bool>> Redis(int port) => async cancellation =>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), limit.Token);
        var reply = new byte[7];
        await stream.ReadExactlyAsync(reply, limit.Token);
        return reply.AsSpan().SequenceEqual("+PONG\r\n"u8);
    };
}
