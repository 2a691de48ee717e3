using System.Globalization;
using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// The header by which Gmail's Postmaster Tools tell complaints apart: <c>campaign:account:sender</c>, read from the right. The same for
/// all messages of a job.
/// </summary>
internal static class FeedbackId
{
    public const string Name = "Feedback-ID";
    private const int MaxField = 100;

    /// <summary>The whole field with its CRLF; empty where <paramref name="sender"/> is. A job without campaign goes by its own id.</summary>
    public static byte[] Header(string campaign, ulong job, uint account, string sender)
    {
        if (sender.Length == 0)
            return [];
        var first = Clean(campaign);
        if (first.Length == 0)
            first = job.ToString(CultureInfo.InvariantCulture);
        var output = new ByteBuffer(256);
        HeaderWriter.WriteText(Encoding.ASCII.GetBytes(Name), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{first}:{account}:{sender}")), output);
        return output.Written.ToArray();
    }

    /// <summary>Printable ASCII without colons and blanks; what is none becomes '-'.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (clean.Length == MaxField)
                break;
            clean.Append(rune.IsAscii && rune.Value is > ' ' and <= '~' and not (':' or '"' or '<' or '>' or '(' or ')' or '\\' or '=' or '?') ? (char)rune.Value : '-');
        }
        return clean.ToString().Trim('-').Length == 0 ? "" : clean.ToString();
    }
}
