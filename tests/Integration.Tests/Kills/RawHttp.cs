using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Delivery.Integration.Tests.Kills;

/// <summary>
/// Sends each request once, which HttpClient does not promise: it repeats a GET when a connection breaks. Keeps its connection. Not thread-safe.
/// </summary>
internal sealed class RawHttp(int port) : IDisposable
{
    private const string Form = "List-Unsubscribe=One-Click";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly byte[] _buffer = new byte[32 * 1024];
    private Socket? _socket;

    /// <summary>False where there is nobody to talk to: nothing was sent.</summary>
    public async Task<bool> TryConnectAsync(CancellationToken cancellation)
    {
        if (_socket is not null)
            return true;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            _socket = socket;
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return false;
        }
    }

    /// <summary>The head of the answer, or null where none came: whether the request arrived is unknown. Needs a connection.</summary>
    public async Task<string?> SendAsync(string path, bool posts)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _socket!.SendAsync(Encoding.ASCII.GetBytes(Request(path, posts)), SocketFlags.None, limit.Token);
            return await ReadAsync(limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        var length = 0;
        int end;
        while ((end = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await _socket!.ReceiveAsync(_buffer.AsMemory(length), SocketFlags.None, cancellation);
            if (read == 0)
            {
                Dispose();
                return null;
            }

            length += read;
        }

        var head = Encoding.ASCII.GetString(_buffer, 0, end);
        await SkipBodyAsync(head, length - end - 4, cancellation);
        return head;
    }

    /// <summary>What comes after the head is of no more interest than that the connection can be used again.</summary>
    private async Task SkipBodyAsync(string head, int have, CancellationToken cancellation)
    {
        var text = Header(head, "Content-Length");
        if (text is null || Header(head, "Connection") == "close")
        {
            Dispose();
            return;
        }

        try
        {
            for (var left = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) - have; left > 0;)
            {
                var read = await _socket!.ReceiveAsync(_buffer, SocketFlags.None, cancellation);
                if (read == 0)
                {
                    Dispose();
                    return;
                }

                left -= read;
            }
        }
        catch (SocketException)
        {
            Dispose();
        }
    }

    public static string? Header(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var value = head.AsSpan(at + name.Length + 4);
        var end = value.IndexOf("\r\n");
        return (end < 0 ? value : value[..end]).ToString();
    }

    private static string Request(string path, bool posts)
    {
        const string Headers = "Host: tracker\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0\r\n";
        return posts
            ? $"POST {path} HTTP/1.1\r\n{Headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {Form.Length}\r\n\r\n{Form}"
            : $"GET {path} HTTP/1.1\r\n{Headers}\r\n";
    }
}
