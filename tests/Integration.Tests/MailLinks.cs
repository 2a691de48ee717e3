using System.Text.RegularExpressions;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary>What a reader can fetch in a mail made of <see cref="ExampleJob"/>.</summary>
internal static partial class MailLinks
{
    /// <summary>The tracked links of the HTML part, from top to bottom.</summary>
    public static List<string> Clicks(ReceivedMessage message) =>
        [.. Tracked().Matches(Html(message)).Select(match => match.Groups[1].Value)];

    public static string Pixel(ReceivedMessage message) => Image().Match(Html(message)).Groups[1].Value;

    public static string Unsubscribe(ReceivedMessage message) => ListUnsubscribe().Match(message.Text).Groups[1].Value;

    public static string MessageId(ReceivedMessage message) => Id().Match(message.Text).Groups[1].Value;

    private static string Html(ReceivedMessage message)
    {
        var text = message.Text.Replace("=\r\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return text[text.IndexOf("text/html", StringComparison.Ordinal)..];
    }

    [GeneratedRegex("href=\"(http://[^\"]+/c/[^\"]+)\"")]
    private static partial Regex Tracked();

    [GeneratedRegex("src=\"(http://[^\"]+/o/[^\"]+)\"")]
    private static partial Regex Image();

    [GeneratedRegex(@"^List-Unsubscribe:\s+<([^>]+)>", RegexOptions.Multiline)]
    private static partial Regex ListUnsubscribe();

    [GeneratedRegex(@"^Message-ID:\s+(<[^>]+>)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Id();
}
