using System.Text;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>What somebody on the way might do to a message.</summary>
internal static class Tampering
{
    /// <summary>Copies, each changed in one way, with what was done.</summary>
    public static IEnumerable<(string What, byte[] Message)> Of(byte[] message, bool attached)
    {
        var text = Encoding.Latin1.GetString(message);
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2;
        yield return Copy("a second From at the top", "From: Boss <boss@bank.example>\r\n" + text);
        yield return Copy("a second From at the end of the header", text.Insert(body, "From: Boss <boss@bank.example>\r\n"));
        yield return Copy("another Subject", Replace(text, "\r\nSubject: ", "\r\nSubject: x"));
        yield return Copy("another Date", Replace(text, "\r\nDate: Sun", "\r\nDate: Mon"));
        yield return Copy("another To", Replace(text, "\r\nTo: ", "\r\nTo: x"));
        yield return Copy("a line behind the body", text + "Call this number instead.\r\n");
        yield return Copy("no List-Unsubscribe", Without(text, "List-Unsubscribe"));
        yield return Copy("no List-Unsubscribe-Post", Without(text, "List-Unsubscribe-Post"));
        yield return Copy("a Reply-To more", text.Insert(body, "Reply-To: thief@bank.example\r\n"));
        yield return Copy("a Cc", text.Insert(body, "Cc: all@bank.example\r\n"));
        yield return Copy("another Content-Type", text.Insert(body, "Content-Type: text/html\r\n"));
        if (attached)
        {
            // In the middle of the last part's base64.
            var at = text.LastIndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            yield return Copy("a byte of an attachment", text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]);
        }

        static (string, byte[]) Copy(string what, string changed) => (what, Encoding.Latin1.GetBytes(changed));
    }

    private static string Replace(string text, string old, string by)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, old);
        return text[..at] + by + text[(at + old.Length)..];
    }

    private static string Without(string text, string field)
    {
        var start = text.IndexOf($"\r\n{field}: ", StringComparison.Ordinal) + 2;
        Assert.True(start >= 2, field);
        var end = text.IndexOf("\r\n", start, StringComparison.Ordinal) + 2;
        return text[..start] + text[end..];
    }
}
