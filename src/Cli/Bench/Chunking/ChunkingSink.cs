using System.Buffers.Text;
using System.Net.Sockets;

namespace Delivery.Cli.Bench.Chunking;

/// <summary>An SMTP server on loopback with PIPELINING and CHUNKING that throws all mail away as fast as it can.</summary>
internal sealed class ChunkingSink : IAsyncDisposable
{
    private readonly LoopbackListener _listener = new((client, stop) => new Session(client).RunAsync(stop));

    public int Port => _listener.Port;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    /// <summary>Works off all that has come before it answers in one write.</summary>
    private sealed class Session(Socket client)
    {
        private readonly byte[] _input = new byte[128 * 1024];
        private readonly byte[] _output = new byte[64 * 1024];
        private int _start;
        private int _end;
        private int _pending;
        private long _octets;
        private bool _inBody;
        private bool _hasRecipient;
        private bool _ended;

        public async Task RunAsync(CancellationToken stop)
        {
            Say("220 sink\r\n"u8);
            while (!_ended)
            {
                while (Step())
                {
                }

                await client.SendAsync(_output.AsMemory(0, _pending), stop);
                _pending = 0;
                _input.AsSpan(_start, _end - _start).CopyTo(_input);
                (_start, _end) = (0, _end - _start);
                if (_ended || await client.ReceiveAsync(_input.AsMemory(_end), stop) is not (> 0 and var count))
                    return;
                _end += count;
            }
        }

        /// <summary>One command or a piece of a body; false when more must come first, or answers must leave.</summary>
        private bool Step()
        {
            if (_ended || _start == _end || _output.Length - _pending < 256)
                return false;
            if (_octets > 0)
            {
                var taken = (int)Math.Min(_octets, _end - _start);
                _start += taken;
                if ((_octets -= taken) == 0)
                    FinishChunk();
                return true;
            }

            return _inBody ? TakeBody() : TakeCommand();
        }

        private bool TakeBody()
        {
            var unread = _input.AsSpan(_start, _end - _start);
            var end = unread.IndexOf("\r\n.\r\n"u8);
            _start += end < 0 ? Math.Max(0, unread.Length - 4) : end + 5;
            if (end < 0)
                return false;
            _inBody = _hasRecipient = false;
            Say("250 2.0.0 Ok\r\n"u8);
            return true;
        }

        private bool TakeCommand()
        {
            var unread = _input.AsSpan(_start, _end - _start);
            var end = unread.IndexOf("\r\n"u8);
            if (end < 0)
                return false;
            var line = unread[..end];
            _start += end + 2;
            if (line.StartsWith("MAIL"u8) || line.StartsWith("RSET"u8))
                Say("250 2.1.0 Ok\r\n"u8);
            else if (line.StartsWith("RCPT"u8))
                Accept();
            else if (line.StartsWith("BDAT "u8) && Utf8Parser.TryParse(line[5..], out _octets, out _))
                FinishEmptyChunk();
            else if (line.StartsWith("DATA"u8))
                Open();
            else if (line.StartsWith("EHLO"u8))
                Say("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 CHUNKING\r\n"u8);
            else if (_ended = line.StartsWith("QUIT"u8))
                Say("221 2.0.0 Bye\r\n"u8);
            else
                Say("500 5.5.2 Unknown command\r\n"u8);
            return true;
        }

        private void Accept()
        {
            _hasRecipient = true;
            Say("250 2.1.5 Ok\r\n"u8);
        }

        private void Open()
        {
            _inBody = _hasRecipient;
            if (_hasRecipient)
                Say("354 Go on\r\n"u8);
            else
                Say("503 5.5.1 RCPT first\r\n"u8);
        }

        private void FinishEmptyChunk()
        {
            if (_octets == 0)
                FinishChunk();
        }

        private void FinishChunk()
        {
            if (_hasRecipient)
                Say("250 2.0.0 Ok\r\n"u8);
            else
                Say("503 5.5.1 RCPT first\r\n"u8);
            _hasRecipient = false;
        }

        private void Say(ReadOnlySpan<byte> reply)
        {
            reply.CopyTo(_output.AsSpan(_pending));
            _pending += reply.Length;
        }
    }
}
