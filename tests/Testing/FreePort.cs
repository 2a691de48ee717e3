using System.Net;
using System.Net.Sockets;

namespace Delivery.Testing;

/// <summary>For programs that cannot be asked to bind port 0.</summary>
public static class FreePort
{
    private const int FirstOfBlocks = 20_000;
    private const int LastOfBlocks = 32_000;

    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>
    /// The first of <paramref name="count"/> ports in a row, below those that the system gives to outgoing connections: nobody else
    /// gets one of them while its program is down.
    /// </summary>
    public static int Block(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(FirstOfBlocks, LastOfBlocks);
            try
            {
                for (var port = first; port < first + count; port++)
                {
                    using var probe = new TcpListener(IPAddress.Loopback, port);
                    probe.Start();
                }

                return first;
            }
            catch (SocketException)
            {
                // One of them is taken: try elsewhere.
            }
        }
    }
}
