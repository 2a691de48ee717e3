using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Delivery.Testing;

/// <summary>One connection of a <see cref="ScriptedSmtpServer"/>.</summary>
internal sealed class ScriptedSmtpSession(ScriptedSmtpServer server, Socket socket, int ordinal, CancellationToken stop)
{
    private Stream _stream = new NetworkStream(socket);
    private ScriptedSmtpInput _input = null!;
    private int _transaction = -1;
    private string _mailLine = "";
    private string _recipient = "";
    private bool _mailIsOpen;
    private bool _recipientIsTaken;

    public Task WaitForInputAsync(string text, TimeSpan deadline) => _input.WaitForAsync(text, deadline);

    public bool HasInput(string text) => _input.Contains(text);

    public async Task RunAsync()
    {
        if (server.ImplicitTls) await SecureAsync();
        _input = new ScriptedSmtpInput(server, _stream, stop);
        var pump = _input.PumpAsync();
        try
        {
            if ((await SayAsync(SmtpStep.Banner, "", "220 scripted.test ESMTP")).Drops) return;
            while (await _input.ReadLineAsync() is { } line)
            {
                server.OnCommand(line);
                if (!await TakeAsync(line)) return;
            }
        }
        finally
        {
            socket.Close();
            _input.GoOn(_stream);
            await pump;
        }
    }

    private async Task<bool> TakeAsync(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        switch (space < 0 ? line : line[..space])
        {
            case "EHLO":
                var lines = new List<string>(IsSecure ? server.SecureExtensions ?? server.Extensions.Where(e => e != "STARTTLS") : server.Extensions);
                lines.Insert(0, "scripted.test");
                var usual = string.Join('\n', lines.Select((text, i) => (i == lines.Count - 1 ? "250 " : "250-") + text));
                return !(await SayAsync(SmtpStep.Ehlo, line, usual)).Drops;
            case "HELO":
                return !(await SayAsync(SmtpStep.Helo, line, "250 scripted.test")).Drops;
            case "STARTTLS":
                return await TakeStartTlsAsync(line);
            case "AUTH":
                var auth = await SayAsync(SmtpStep.Auth, line, "503 5.5.1 No AUTH here");
                while (auth.Code == 334 && !auth.Drops)
                {
                    if (await _input.ReadLineAsync() is not { } answer) return false;
                    auth = await SayAsync(SmtpStep.Auth, answer, "501 5.5.2 Enough");
                }
                return !auth.Drops;
            case "MAIL":
                return await TakeMailAsync(line);
            case "RCPT":
                _recipient = Path(line);
                var rcpt = await SayAsync(SmtpStep.Rcpt, line, _mailIsOpen ? "250 2.1.5 Ok" : "503 5.5.1 MAIL first");
                _recipientIsTaken |= rcpt.Code / 100 == 2;
                return !rcpt.Drops;
            case "DATA":
                var data = await SayAsync(SmtpStep.Data, line, _recipientIsTaken ? "354 End data with <CR><LF>.<CR><LF>" : "554 5.5.1 No valid recipients");
                return !data.Drops && (data.Code / 100 != 3 || await TakeBodyAsync());
            case "BDAT":
                return await TakeChunkAsync(line);
            case "RSET":
                _mailIsOpen = _recipientIsTaken = false;
                return !(await SayAsync(SmtpStep.Rset, line, "250 2.0.0 Ok")).Drops;
            case "QUIT":
                await SayAsync(SmtpStep.Quit, line, "221 2.0.0 Bye");
                return false;
            default:
                return !(await SayAsync(SmtpStep.Other, line, "500 5.5.2 Unknown command")).Drops;
        }
    }

    private bool IsSecure => _stream is SslStream;

    private async Task<bool> TakeStartTlsAsync(string line)
    {
        var answer = await SayAsync(SmtpStep.StartTls, line, server.Tls is null ? "502 5.5.1 No TLS here" : "220 2.0.0 Go ahead");
        if (answer.Drops) return false;
        if (answer.Code == 220 && server.Tls is not null) await SecureAsync();
        _input.GoOn(_stream);
        return true;
    }

    private async Task SecureAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(server.Tls!, stop);
        _stream = tls;
    }

    private async Task<bool> TakeMailAsync(string line)
    {
        _transaction++;
        _mailLine = line;
        if (_mailIsOpen)
        {
            await _stream.WriteAsync("503 5.5.1 Nested MAIL\r\n"u8.ToArray(), stop);
            return true;
        }
        _recipient = "";
        var answer = await SayAsync(SmtpStep.Mail, line, "250 2.1.0 Ok");
        _mailIsOpen = answer.Code / 100 == 2;
        return !answer.Drops;
    }

    private async Task<bool> TakeBodyAsync()
    {
        if (await _input.ReadBodyAsync() is not { } wire) return false;
        server.OnMessage(new ReceivedMessage(ordinal, _mailLine, _recipient, Unstuff(wire), wire) { IsSecure = IsSecure });
        var usual = _recipientIsTaken ? "250 2.0.0 Ok: queued" : "554 5.5.1 No valid recipients";
        _mailIsOpen = _recipientIsTaken = false;
        return !(await SayAsync(SmtpStep.Dot, "", usual)).Drops;
    }

    private async Task<bool> TakeChunkAsync(string line)
    {
        if (line.Split(' ') is not [_, var size, "LAST"] || !int.TryParse(size, out var count))
            return !(await SayAsync(SmtpStep.Other, line, "501 5.5.4 BDAT n LAST is all that is known here")).Drops;
        var answer = await AskAsync(SmtpStep.Bdat, line, _recipientIsTaken ? "250 2.0.0 Ok: queued" : "503 5.5.1 No valid recipients");
        if (!answer.LeavesOctets)
        {
            if (await _input.ReadOctetsAsync(count) is not { } octets) return false;
            if (_recipientIsTaken) server.OnMessage(new ReceivedMessage(ordinal, _mailLine, _recipient, octets, octets));
        }
        if (answer.Code / 100 == 2) _mailIsOpen = false;
        _recipientIsTaken = false;
        await SendAsync(answer);
        return !answer.Drops;
    }

    private async Task<SmtpAnswer> SayAsync(SmtpStep step, string line, string usual)
    {
        var answer = await AskAsync(step, line, usual);
        await SendAsync(answer);
        return answer;
    }

    private Task<SmtpAnswer> AskAsync(SmtpStep step, string line, string usual) =>
        server.AskAsync(new SmtpExchange(step, ordinal, _transaction, line, _recipient) { IsSecure = IsSecure, Session = this }, usual);

    private async Task SendAsync(SmtpAnswer answer)
    {
        var bytes = answer.Bytes;
        do
        {
            if (answer.PerByte > TimeSpan.Zero)
            {
                foreach (var one in bytes)
                {
                    await _stream.WriteAsync(new[] { one }, stop);
                    await Task.Delay(answer.PerByte, stop);
                }
            }
            else if (bytes.Length > 0)
            {
                await _stream.WriteAsync(bytes, stop);
            }
        }
        while (answer.IsEndless);
    }

    private static string Path(string line)
    {
        var open = line.IndexOf('<', StringComparison.Ordinal);
        var close = line.IndexOf('>', StringComparison.Ordinal);
        return open >= 0 && close > open ? line[(open + 1)..close] : "";
    }

    private static byte[] Unstuff(byte[] wire)
    {
        var text = Encoding.Latin1.GetString(wire, 0, wire.Length - 3);
        if (text.StartsWith('.')) text = text[1..];
        return Encoding.Latin1.GetBytes(text.Replace("\r\n.", "\r\n", StringComparison.Ordinal));
    }
}
