using System.Net;
using System.Net.Sockets;

namespace Delivery.Cli.Up;

/// <summary>The loopback ports of an installation.</summary>
internal sealed record PortPlan(int Mta, int Tracker, int Reports, int ClickHouse, int Redis, int Sink)
{
    public const int DefaultBase = 5080;

    /// <summary>Highest base that leaves room for all ports.</summary>
    public const int MaxBase = ushort.MaxValue - 5;

    public static PortPlan FromBase(int first) => new(first, first + 1, first + 2, first + 3, first + 4, first + 5);

    /// <summary>Six ports that are free now.</summary>
    public static PortPlan Free()
    {
        var sockets = Enumerable.Range(0, 6).Select(_ => Bind(0)).ToArray();
        var ports = Array.ConvertAll(sockets, socket => ((IPEndPoint)socket.LocalEndPoint!).Port);
        foreach (var socket in sockets)
            socket.Dispose();
        return new PortPlan(ports[0], ports[1], ports[2], ports[3], ports[4], ports[5]);
    }

    /// <exception cref="LaunchException">Somebody listens on the port; the message names it and the option that moves it.</exception>
    public static void MustBeFree(int port, string program, string option)
    {
        try
        {
            Bind(port).Dispose();
        }
        catch (SocketException e)
        {
            var what = e.SocketErrorCode == SocketError.AccessDenied ? "needs a right that you lack" : "is taken";
            throw new LaunchException($"port {port} ({program}) {what}: give other ports with {option}, or end what listens there");
        }
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
