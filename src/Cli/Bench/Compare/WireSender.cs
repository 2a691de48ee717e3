using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Delivery.Cli.Bench.Compare;

/// <summary>
/// The least that any sender does: sockets that write one constant message again and again, one round trip each. The end of a body goes
/// in one write with the next message's MAIL, RCPT and DATA. Nothing is made, nothing is kept: the ceiling of what one machine can send.
/// </summary>
internal static class WireSender
{
    private const int Commands = 4;

    /// <param name="sizeBytes">Of a message.</param>
    /// <exception cref="LaunchException">The server refused something, or closed a connection.</exception>
    public static async Task<double> RunAsync(IPEndPoint server, int connections, long messages, int sizeBytes, TimeProvider time, CancellationToken stop)
    {
        var envelope = "MAIL FROM:<shop@bench.example>\r\nRCPT TO:<reader@inbox.example>\r\nDATA\r\n"u8.ToArray();
        var body = Body(sizeBytes);
        byte[] next = [.. body, .. ".\r\n"u8, .. envelope];
        byte[] last = [.. body, .. ".\r\nQUIT\r\n"u8];
        var left = messages;
        var begin = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, (int)Math.Min(connections, messages)).Select(_ => Task.Run(SendAsync, stop)));
        return time.GetElapsedTime(begin).TotalSeconds;

        async Task SendAsync()
        {
            if (Interlocked.Decrement(ref left) < 0)
                return;
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server, stop);
            var replies = new ReplyCounter(socket);
            await replies.ReadAsync(1, stop);
            await socket.SendAsync("EHLO bench.example\r\n"u8.ToArray(), stop);
            await replies.ReadAsync(1, stop);
            await socket.SendAsync(envelope, stop);
            await replies.ReadAsync(Commands - 1, stop);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await WriteAsync(socket, next, stop);
                await replies.ReadAsync(Commands, stop);
            }

            await WriteAsync(socket, last, stop);
            await replies.ReadAsync(1, stop);
        }
    }

    private static async Task WriteAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, stop)..];
    }

    private static byte[] Body(int sizeBytes)
    {
        var text = new StringBuilder("From: shop@bench.example\r\nTo: reader@inbox.example\r\nSubject: Hello\r\n\r\n");
        while (text.Length < sizeBytes)
            text.Append('x', Math.Clamp(sizeBytes - text.Length - 2, 0, 72)).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Reads replies of 2yz and 3yz; one of several lines ends with the line whose code a space follows.</summary>
    private sealed class ReplyCounter(Socket socket)
    {
        private readonly byte[] _buffer = new byte[4096];
        private int _length;

        public async ValueTask ReadAsync(int replies, CancellationToken stop)
        {
            while (true)
            {
                replies -= Take(replies);
                if (replies == 0)
                    return;
                var read = await socket.ReceiveAsync(_buffer.AsMemory(_length), stop);
                if (read == 0)
                    throw new LaunchException("the SMTP server closed a connection of the bare loop", ExitCodes.Failure);
                _length += read;
            }
        }

        private int Take(int most)
        {
            var rest = _buffer.AsSpan(0, _length);
            var taken = 0;
            while (taken < most && rest.IndexOf((byte)'\n') is var end && end >= 0)
            {
                if (end < 4 || rest[0] is not ((byte)'2' or (byte)'3'))
                    throw new LaunchException($"the SMTP server answers the bare loop: {Encoding.ASCII.GetString(rest[..end]).Trim()}", ExitCodes.Failure);
                if (rest[3] == (byte)' ')
                    taken++;
                rest = rest[(end + 1)..];
            }

            rest.CopyTo(_buffer);
            _length = rest.Length;
            return taken;
        }
    }
}
