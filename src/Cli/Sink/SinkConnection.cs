using System.Net.Sockets;
using System.Text;

namespace Delivery.Cli.Sink;

/// <summary>
/// One client's session. Everything that has arrived is worked off before the answers leave together in one write,
/// so that a client that pipelines pays one round trip.
/// </summary>
internal sealed class SinkConnection : IDisposable
{
    private enum Mode { Command, OverlongCommand, Body, Closed }

    private readonly Socket _socket;
    private readonly SinkOptions _options;
    private readonly SinkStore _store;
    private readonly SinkBody _body;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenRegistration _stop;
    private readonly byte[] _ehlo;
    private readonly byte[] _input = new byte[64 * 1024];
    private readonly byte[] _output = new byte[8 * 1024];
    private readonly List<string> _recipients = [];
    private string? _from;
    private int _start;
    private int _end;
    private int _pending;
    private int _errors;
    private Mode _mode;

    public SinkConnection(Socket socket, SinkOptions options, SinkStore store, TimeProvider time, CancellationToken stop)
    {
        _socket = socket;
        _options = options;
        _store = store;
        _body = new SinkBody(options.MaxMessageBytes);
        _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stop = stop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _deadline);
        _ehlo = Encoding.ASCII.GetBytes(
            $"250-sink\r\n250-PIPELINING\r\n250-SIZE {options.MaxMessageBytes}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n");
    }

    /// <summary>Returns when the client has said QUIT or hung up, or was sent away.</summary>
    public async Task RunAsync()
    {
        Say("220 sink ESMTP\r\n"u8);
        await FlushAsync();
        while (_mode != Mode.Closed)
        {
            var read = _socket.ReceiveAsync(_input.AsMemory(_end), SocketFlags.None, _deadline.Token);
            if (!read.IsCompleted) _deadline.CancelAfter(_options.IdleTimeout);
            var count = await read;
            if (count == 0) return;
            _end += count;

            while (_mode != Mode.Closed && await StepAsync())
            {
            }
            if (_pending > 0) await FlushAsync();
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            (_start, _end) = (0, _end - _start);
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Takes one command or one piece of a body; false when there is not enough to go on with.</summary>
    private async ValueTask<bool> StepAsync()
    {
        if (_output.Length - _pending < 512) await FlushAsync();
        if (_mode != Mode.Body) return TakeCommand();
        var ended = _body.Take(_input.AsSpan(_start, _end - _start), out var consumed);
        _start += consumed;
        if (ended) await FinishMessageAsync();
        return ended;
    }

    private bool TakeCommand()
    {
        var unread = _input.AsSpan(_start, _end - _start);
        var newline = unread.IndexOf((byte)'\n');
        if (newline < 0)
        {
            if (unread.Length <= _options.MaxCommandBytes + 1) return false;
            _mode = Mode.OverlongCommand;
            _start = _end;
            return false;
        }

        _start += newline + 1;
        var line = unread[..newline];
        if (line.EndsWith("\r"u8)) line = line[..^1];
        if (_mode == Mode.OverlongCommand || line.Length > _options.MaxCommandBytes)
        {
            _mode = Mode.Command;
            Refuse("500 5.5.2 Line too long\r\n"u8);
        }
        else
        {
            Execute(line);
        }
        return true;
    }

    private void Execute(ReadOnlySpan<byte> line)
    {
        if (SinkCommand.Is(line, "MAIL"u8)) Mail(line);
        else if (SinkCommand.Is(line, "RCPT"u8)) Rcpt(line);
        else if (SinkCommand.Is(line, "DATA"u8)) Data();
        else if (SinkCommand.Is(line, "EHLO"u8)) EndTransaction(_ehlo);
        else if (SinkCommand.Is(line, "HELO"u8)) EndTransaction("250 sink\r\n"u8);
        else if (SinkCommand.Is(line, "RSET"u8)) EndTransaction("250 2.0.0 Ok\r\n"u8);
        else if (SinkCommand.Is(line, "NOOP"u8)) Say("250 2.0.0 Ok\r\n"u8);
        else if (SinkCommand.Is(line, "VRFY"u8)) Say("252 2.5.2 Send it and see\r\n"u8);
        else if (SinkCommand.Is(line, "QUIT"u8)) Close("221 2.0.0 Bye\r\n"u8);
        else Refuse("500 5.5.1 Unknown command\r\n"u8);
    }

    private void Mail(ReadOnlySpan<byte> line)
    {
        if (_from is not null) Refuse("503 5.5.1 MAIL was given already\r\n"u8);
        else if (!SinkCommand.TryReadPath(line, "MAIL FROM:"u8, out var from, out var parameters)) Refuse("501 5.5.4 Say MAIL FROM:<address>\r\n"u8);
        else if (SinkCommand.Size(parameters) > _options.MaxMessageBytes) Refuse("552 5.3.4 Message too large\r\n"u8);
        else
        {
            _from = from;
            Say("250 2.1.0 Ok\r\n"u8);
        }
    }

    private void Rcpt(ReadOnlySpan<byte> line)
    {
        if (_from is null) Refuse("503 5.5.1 Give MAIL first\r\n"u8);
        else if (!SinkCommand.TryReadPath(line, "RCPT TO:"u8, out var to, out _) || to.Length == 0) Refuse("501 5.5.4 Say RCPT TO:<address>\r\n"u8);
        else if (_recipients.Count >= _options.MaxRecipients) Say("452 4.5.3 Too many recipients\r\n"u8);
        else
        {
            _recipients.Add(to);
            Say("250 2.1.5 Ok\r\n"u8);
        }
    }

    private void Data()
    {
        if (_recipients.Count == 0)
        {
            Refuse("503 5.5.1 Give RCPT first\r\n"u8);
            return;
        }
        _mode = Mode.Body;
        Say("354 End with a dot\r\n"u8);
    }

    private async ValueTask FinishMessageAsync()
    {
        _mode = Mode.Command;
        var tooLong = _body.IsTooLong;
        var raw = _body.Finish();
        if (tooLong)
        {
            EndTransaction("552 5.3.4 Message too large\r\n"u8);
            return;
        }

        try
        {
            foreach (var to in _recipients) await KeepAsync(to, raw);
            EndTransaction("250 2.0.0 Ok\r\n"u8);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EndTransaction("451 4.3.0 The sink could not keep the message\r\n"u8);
        }
    }

    /// <summary>Waits for the owner no longer than for a client, and not beyond the sink's end.</summary>
    private ValueTask KeepAsync(string to, byte[] raw)
    {
        var adding = _store.AddAsync(_from!, to, raw);
        if (adding.IsCompleted) return adding;
        _deadline.CancelAfter(_options.IdleTimeout);
        return new ValueTask(adding.AsTask().WaitAsync(_deadline.Token));
    }

    /// <summary>Answers, with no transaction open from here on.</summary>
    private void EndTransaction(ReadOnlySpan<byte> reply)
    {
        _from = null;
        _recipients.Clear();
        Say(reply);
    }

    private void Refuse(ReadOnlySpan<byte> reply)
    {
        if (++_errors > _options.MaxErrors) Close("421 4.7.0 Too many errors\r\n"u8);
        else Say(reply);
    }

    private void Close(ReadOnlySpan<byte> reply)
    {
        Say(reply);
        _mode = Mode.Closed;
    }

    private void Say(ReadOnlySpan<byte> reply)
    {
        reply.CopyTo(_output.AsSpan(_pending));
        _pending += reply.Length;
    }

    private async ValueTask FlushAsync()
    {
        var write = _socket.SendAsync(_output.AsMemory(0, _pending), SocketFlags.None, _deadline.Token);
        _pending = 0;
        if (!write.IsCompleted) _deadline.CancelAfter(_options.IdleTimeout);
        await write;
    }
}
