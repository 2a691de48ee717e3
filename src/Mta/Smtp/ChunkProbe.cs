using System.Globalization;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Asks a peer once per connection, before any message is on it, whether it reads the octets of a BDAT that it refuses
/// (RFC 3030 section 2). One that does not takes a refused message's body for commands. Here the body is QUIT: such a peer
/// hangs up, and nothing worse can come of it.
/// <code>
/// → MAIL FROM:&lt;&gt;, BDAT 6 LAST, "QUIT"CRLF, RSET     ← 250 (or a refusal), 503, 250
/// </code>
/// </summary>
internal sealed class ChunkProbe(Stream stream, SmtpReplyReader reader, SmtpWriter writer, SmtpDeadline deadline, TimeSpan timeout)
{
    /// <summary>Returns when the peer kept the rules; throws <see cref="SmtpConnectionException"/> when it did not.</summary>
    public async Task RunAsync()
    {
        // A transaction without a recipient is what a refused RCPT leaves: the peer takes the same path.
        writer.Command("MAIL FROM:<>\r\nBDAT 6 LAST\r\nQUIT\r\nRSET\r\n"u8);
        await writer.FlushAsync(stream, deadline, timeout);
        var mail = await NextAsync();
        if (mail == 421) throw Busy("MAIL");
        if (mail / 100 is not (2 or 4 or 5)) throw Unfit("MAIL", mail);
        var bdat = await NextAsync();
        if (bdat == 421) throw Busy("a BDAT without recipients");
        if (!ChunkReply.Fits(bdat, SmtpStage.Final, refused: true)) throw Unfit("a BDAT without recipients", bdat);
        var reset = await NextAsync();
        if (reset == 221 || reset / 100 != 2) throw Unfit("RSET", reset);
    }

    private ValueTask<ushort> NextAsync() => reader.ReadAsync(stream, deadline, timeout);

    private static SmtpConnectionException Busy(string command) => new(SmtpLoss.Refused, $"the peer answered {command} with 421");

    private static SmtpConnectionException Unfit(string command, ushort code) =>
        new(SmtpLoss.Unfit, string.Create(CultureInfo.InvariantCulture, $"the peer answered {command} with {code}"));
}
