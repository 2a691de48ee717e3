using System.Globalization;
using System.Text;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Outcomes;

/// <summary>Statuses that are written elsewhere than RFC 2034 puts them, and replies written in one line.</summary>
internal static class ReplyStatus
{
    /// <summary>qmail's way: <c>sorry, no mailbox here by that name (#5.1.1)</c>. Not present where there is none.</summary>
    public static EnhancedStatus Find(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('#');
        if (at < 0)
            return default;
        var rest = text[(at + 1)..];
        var end = 0;
        while (end < rest.Length && (char.IsAsciiDigit(rest[end]) || rest[end] == '.'))
            end++;
        Span<byte> bytes = stackalloc byte[16];
        return end is 0 or > 11 || !Encoding.ASCII.TryGetBytes(rest[..end], bytes, out var length) || !EnhancedStatus.TryParse(bytes[..length], out var status, out _)
            ? default : status;
    }

    /// <summary>Reads <c>550 5.1.1 text</c>. False where it does not begin with a code from 400 to 599.</summary>
    public static bool TryParseReply(string line, out SmtpReply reply)
    {
        reply = default;
        line = line.Trim();
        if (line.Length < 3 || !ushort.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 400 or > 599
            || (line.Length > 3 && line[3] is not (' ' or '-')))
            return false;
        var text = new SmtpReplyText();
        text.Append(code, Encoding.UTF8.GetBytes(line.Length > 4 ? line[4..] : ""));
        reply = text.ToReply(code);
        return true;
    }
}
