using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Delivery.Cli.Bench.Chunking;

/// <summary>A TCP proxy on loopback through which each byte takes a fixed time, as over a long line of any width.</summary>
internal sealed class DelayProxy : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Pieces on the line in one direction: 32 MB, more than any sender has in flight.</summary>
    private const int PiecesOnTheLine = 512;
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Task> _connections = [];
    private readonly Func<Socket, Task> _connect;
    private readonly TimeSpan _oneWay;
    private readonly TimeProvider _time;
    private readonly Task _accepting;

    /// <param name="connect">Connects a socket to the server.</param>
    /// <param name="oneWay">Half of what a round trip gets longer by.</param>
    public DelayProxy(Func<Socket, Task> connect, TimeSpan oneWay, TimeProvider time)
    {
        (_connect, _oneWay, _time) = (connect, oneWay, time);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.Add(Task.Run(() => JoinAsync(client)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task JoinAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await _connect(server);
                await Task.WhenAll(CarryAsync(client, server), CarryAsync(server, client));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side is gone; the other learns it as this one closes.
            }
        }
    }

    private Task CarryAsync(Socket from, Socket to)
    {
        var line = Channel.CreateBounded<(byte[] Piece, long Since)>(new BoundedChannelOptions(PiecesOnTheLine) { SingleReader = true, SingleWriter = true });
        return Task.WhenAll(PutAsync(from, line.Writer), TakeAsync(line.Reader, to));
    }

    private async Task PutAsync(Socket from, ChannelWriter<(byte[] Piece, long Since)> line)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var count && count > 0)
                await line.WriteAsync((buffer.AsSpan(0, count).ToArray(), _time.GetTimestamp()), _stop.Token);
        }
        finally
        {
            line.Complete();
        }
    }

    private async Task TakeAsync(ChannelReader<(byte[] Piece, long Since)> line, Socket to)
    {
        await foreach (var (piece, since) in line.ReadAllAsync(_stop.Token))
        {
            var left = _oneWay - _time.GetElapsedTime(since);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, _time, _stop.Token);
            for (var at = 0; at < piece.Length;)
                at += await to.SendAsync(piece.AsMemory(at), _stop.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
