using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Delivery.Testing;

/// <summary>
/// An SMTP peer on loopback that does at each step what a test tells it. Strict where it matters: a body ends at
/// CRLF.CRLF only, and a MAIL within a transaction is answered 503. Reads ahead of what it answers, so that what a
/// client pipelines can be seen.
/// </summary>
public sealed class ScriptedSmtpServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentQueue<ReceivedMessage> _messages = new();
    private readonly ConcurrentDictionary<int, Socket> _sockets = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;
    private int _connections;
    private int _reads;

    /// <param name="port">0 takes a free one.</param>
    public ScriptedSmtpServer(int port = 0)
    {
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    /// <summary>What EHLO offers, a keyword with its parameters each.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = ["PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    /// <summary>As <see cref="Extensions"/>, once TLS has begun; null takes those without STARTTLS.</summary>
    public IReadOnlyList<string>? SecureExtensions { get; set; }

    /// <summary>How TLS is spoken; without it STARTTLS is an unknown command.</summary>
    public SslServerAuthenticationOptions? Tls { get; set; }

    /// <summary>Connections begin with TLS.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Asked at each step; null gives the step's usual answer. Called from several connections at once.</summary>
    public Func<SmtpExchange, SmtpAnswer?>? Script { get; set; }

    /// <summary>As <see cref="Script"/>, and asked first.</summary>
    public Func<SmtpExchange, Task<SmtpAnswer?>>? AsyncScript { get; set; }

    /// <summary>Called with each message before it is answered, from several connections at once.</summary>
    public Action<ReceivedMessage>? Taken { get; set; }

    /// <summary>Whether commands and messages are kept in memory; a run of very many only looks at them as they come.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Every command line of every connection in the order of arrival.</summary>
    public IReadOnlyCollection<string> Commands => _commands;

    public IReadOnlyCollection<ReceivedMessage> Messages => _messages;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Socket reads that brought something; on loopback one for each write of up to 64 KB.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _sockets.Count;

    /// <summary>Cuts every open connection.</summary>
    public void DropAll()
    {
        foreach (var socket in _sockets.Values) socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        DropAll();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    internal void OnCommand(string line)
    {
        if (Keeps) _commands.Enqueue(line);
    }

    internal void OnMessage(ReceivedMessage message)
    {
        if (Keeps) _messages.Enqueue(message);
        Taken?.Invoke(message);
    }

    internal void OnRead() => Interlocked.Increment(ref _reads);

    internal async Task<SmtpAnswer> AskAsync(SmtpExchange exchange, SmtpAnswer usual)
    {
        if (AsyncScript is { } async && await async(exchange) is { } awaited) return awaited;
        return Script?.Invoke(exchange) ?? usual;
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
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            var ordinal = Interlocked.Increment(ref _connections) - 1;
            _sockets[ordinal] = socket;
            _sessions.Add(Task.Run(() => ServeAsync(socket, ordinal)));
        }
    }

    private async Task ServeAsync(Socket socket, int ordinal)
    {
        socket.NoDelay = true;
        using (socket)
        {
            try
            {
                await new ScriptedSmtpSession(this, socket, ordinal, _stop.Token).RunAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
            }
            _sockets.TryRemove(ordinal, out _);
        }
    }
}
