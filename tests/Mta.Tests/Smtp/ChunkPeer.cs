using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>
/// A peer with CHUNKING and small buffers that does one thing at a time, as simple servers do: while it writes a reply it reads
/// nothing. Serves one connection; knows no DATA.
/// </summary>
internal sealed class ChunkPeer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192, SendBufferSize = 8192 };
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly Task _serving;
    private Socket? _socket;
    private int _start;
    private int _end;

    public ChunkPeer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _serving = Task.Run(ServeAsync);
    }

    public int Port { get; }

    /// <summary>The BDAT, counted from 0 after the probe, of whose octets nothing is read.</summary>
    public int StopsReadingAt { get; init; } = int.MaxValue;

    /// <summary>Answers BDAT before it reads the octets, which it then does.</summary>
    public bool AnswersFirst { get; init; }

    /// <summary>Lines of 2,000 bytes before the last line of each reply.</summary>
    public int ReplyLines { get; init; }

    /// <summary>Reads and writes in pieces of random length; null: as much as there is.</summary>
    public Random? Pieces { get; init; }

    /// <summary>The answer to a command (MAIL, RCPT or BDAT) for a message, counted from 0; null accepts.</summary>
    public Func<string, int, string?>? Answer { get; init; }

    /// <summary>What BDAT brought for recipients that were accepted.</summary>
    public List<(string Recipient, byte[] Octets)> Messages { get; } = [];

    /// <summary>All octets of all BDATs, in the order of their commands.</summary>
    public List<byte[]> Chunks { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        _socket?.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            _socket = await _listener.AcceptAsync(_stop.Token);
            _socket.NoDelay = true;
            await RunAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or EndOfStreamException)
        {
        }
    }

    private async Task RunAsync()
    {
        var message = -1;
        var (mail, recipient) = (false, "");
        await SayAsync("220 peer.test");
        while (true)
        {
            var line = await LineAsync();
            var verb = line.Split(' ')[0];
            switch (verb)
            {
                case "EHLO":
                    await SayAsync("250-peer.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 CHUNKING");
                    break;
                case "RSET":
                    (mail, recipient) = (false, "");
                    await SayAsync("250 2.0.0 Ok");
                    break;
                case "MAIL":
                    var sender = mail ? "503 5.5.1 Nested MAIL" : (message >= 0 ? Answer?.Invoke(verb, message) : null) ?? "250 2.1.0 Ok";
                    mail |= sender[0] == '2';
                    await SayAsync(sender);
                    break;
                case "RCPT":
                    var path = mail ? Answer?.Invoke(verb, message) ?? "250 2.1.5 Ok" : "503 5.5.1 MAIL first";
                    if (path[0] == '2') recipient = line[9..^1];
                    await SayAsync(path);
                    break;
                case "BDAT":
                    var answer = recipient.Length == 0 ? "503 5.5.1 RCPT first" : Answer?.Invoke(verb, message) ?? "250 2.0.0 Ok: queued";
                    if (message >= StopsReadingAt) await Task.Delay(Timeout.Infinite, _stop.Token);
                    if (AnswersFirst) await SayAsync(answer);
                    var octets = await OctetsAsync(int.Parse(line.Split(' ')[1]));
                    if (message >= 0) Chunks.Add(octets);
                    if (answer[0] == '2') Messages.Add((recipient, octets));
                    if (!AnswersFirst) await SayAsync(answer);
                    message++;
                    break;
                default:
                    await SayAsync(verb == "QUIT" ? "221 2.0.0 Bye" : "500 5.5.2 Unknown command");
                    break;
            }
        }
    }

    private async Task SayAsync(string reply)
    {
        var text = new StringBuilder();
        for (var i = 0; i < ReplyLines; i++) text.Append(reply, 0, 3).Append('-').Append('y', 1996).Append("\r\n");
        var bytes = Encoding.ASCII.GetBytes(text.Append(reply).Append("\r\n").ToString());
        for (var at = 0; at < bytes.Length;)
        {
            var length = Pieces is null ? bytes.Length - at : Math.Min(bytes.Length - at, Pieces.Next(1, 40));
            at += await _socket!.SendAsync(bytes.AsMemory(at, length), _stop.Token);
        }
    }

    private async Task<string> LineAsync()
    {
        int at;
        while ((at = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0) await ReadAsync();
        var line = Encoding.UTF8.GetString(_buffer, _start, at);
        _start += at + 2;
        return line;
    }

    private async Task<byte[]> OctetsAsync(int count)
    {
        var octets = new byte[count];
        for (var filled = 0; filled < count;)
        {
            if (_start == _end) await ReadAsync();
            var length = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, length).CopyTo(octets.AsSpan(filled));
            (_start, filled) = (_start + length, filled + length);
        }
        return octets;
    }

    private async Task ReadAsync()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var most = Pieces is null ? _buffer.Length - _end : Math.Min(_buffer.Length - _end, Pieces.Next(1, 3000));
        var count = await _socket!.ReceiveAsync(_buffer.AsMemory(_end, most), _stop.Token);
        if (count == 0) throw new EndOfStreamException();
        _end += count;
    }
}
