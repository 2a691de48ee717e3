using System.Net.Sockets;
using System.Threading.Channels;

namespace Delivery.Cli.Bench.Chunking;

/// <summary>A TCP proxy on loopback through which each byte takes a fixed time, as over a long line of any width.</summary>
internal sealed class DelayProxy : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Pieces on the line in one direction: 32 MB, more than any sender has in flight.</summary>
    private const int PiecesOnTheLine = 512;
    private readonly LoopbackListener _listener;
    private readonly Func<Socket, Task> _connect;
    private readonly TimeSpan _oneWay;
    private readonly TimeProvider _time;

    /// <param name="connect">Connects a socket to the server.</param>
    /// <param name="oneWay">Half of what a round trip gets longer by.</param>
    public DelayProxy(Func<Socket, Task> connect, TimeSpan oneWay, TimeProvider time)
    {
        (_connect, _oneWay, _time) = (connect, oneWay, time);
        _listener = new LoopbackListener(JoinAsync);
    }

    public int Port => _listener.Port;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    /// <summary>Where one side is gone, the other learns it as this one closes.</summary>
    private async Task JoinAsync(Socket client, CancellationToken stop)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _connect(server);
        await Task.WhenAll(CarryAsync(client, server, stop), CarryAsync(server, client, stop));
    }

    private Task CarryAsync(Socket from, Socket to, CancellationToken stop)
    {
        var line = Channel.CreateBounded<(byte[] Piece, long Since)>(new BoundedChannelOptions(PiecesOnTheLine) { SingleReader = true, SingleWriter = true });
        return Task.WhenAll(PutAsync(from, line.Writer, stop), TakeAsync(line.Reader, to, stop));
    }

    private async Task PutAsync(Socket from, ChannelWriter<(byte[] Piece, long Since)> line, CancellationToken stop)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, stop) is var count && count > 0)
                await line.WriteAsync((buffer.AsSpan(0, count).ToArray(), _time.GetTimestamp()), stop);
        }
        finally
        {
            line.Complete();
        }
    }

    private async Task TakeAsync(ChannelReader<(byte[] Piece, long Since)> line, Socket to, CancellationToken stop)
    {
        await foreach (var (piece, since) in line.ReadAllAsync(stop))
        {
            var left = _oneWay - _time.GetElapsedTime(since);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, _time, stop);
            for (var at = 0; at < piece.Length;)
                at += await to.SendAsync(piece.AsMemory(at), stop);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
