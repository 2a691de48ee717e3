using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Delivery.Cli.Sink;

/// <summary>
/// An SMTP server that takes everything and hands it to its owner: the far end of a demo. Made to be faster than
/// what sends to it. Listens when the constructor returns; disposing closes every connection.
/// </summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Socket _listener;
    private readonly SinkOptions _options;
    private readonly SinkStore _store;
    private readonly TimeProvider _time;
    private readonly Task _accepting;

    /// <param name="onMessage">
    /// Called before the message is answered, from several connections at once; while it waits its connection
    /// waits, so that a bounded channel pushes back. When it throws, the client is answered 451.
    /// </param>
    /// <exception cref="IOException">The address is taken, or the folder cannot be made.</exception>
    public SmtpSink(SinkOptions options, TimeProvider time, Func<CapturedMessage, ValueTask>? onMessage = null)
    {
        _options = options;
        _time = time;
        _store = new SinkStore(options.MessagesFolder, time, onMessage);
        _listener = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(options.EndPoint);
            _listener.Listen(512);
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new IOException($"The sink cannot listen on {options.EndPoint}: {e.Message}. Give another port, or 0 for a free one.", e);
        }
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    /// <summary>Messages captured so far, one for each recipient.</summary>
    public long Messages => _store.Messages;

    /// <summary>Bytes of the messages captured so far.</summary>
    public long Bytes => _store.Bytes;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token);
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // One client gone before it was accepted, or no descriptors left for the moment.
                await Task.Delay(TimeSpan.FromMilliseconds(10), _time, CancellationToken.None);
                continue;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            if (_connections.Count >= _options.MaxConnections)
            {
                socket.Dispose();
                continue;
            }
            var serving = Task.Run(() => ServeAsync(socket));
            _connections[serving] = true;
            _ = serving.ContinueWith(
                done => _connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        using (socket)
        using (var connection = new SinkConnection(socket, _options, _store, _time, _stop.Token))
        {
            try
            {
                await connection.RunAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client left, was silent for too long, or the sink is closing.
            }
        }
    }
}
