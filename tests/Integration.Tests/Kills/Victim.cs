using System.Net;
using System.Net.Sockets;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Kills;

/// <summary>A program that the <see cref="Killer"/> may strike, and what was done to it.</summary>
/// <param name="port">Where it listens once it is up.</param>
internal sealed class Victim(RestartableProcess program, int port)
{
    private int _kills;
    private int _stops;

    public RestartableProcess Program => program;

    /// <summary>It is down, or about to be.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Times it was killed with SIGKILL.</summary>
    public int Kills => _kills;

    /// <summary>Times it was stopped with SIGTERM.</summary>
    public int Stops => _stops;

    /// <summary>The longest time from a SIGTERM to its end.</summary>
    public TimeSpan LongestStop { get; private set; }

    public void Killed() => _kills++;

    public void Stopped(TimeSpan took)
    {
        _stops++;
        LongestStop = took > LongestStop ? took : LongestStop;
    }

    /// <summary>It has come so far that it takes connections, so that it handles signals.</summary>
    public async Task<bool> ListensAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
