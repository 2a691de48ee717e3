using System.Buffers;

namespace Delivery.Contracts.Readers;

/// <summary>How robots that no list knows name themselves: by a word for what they are, or by an address to ask at.</summary>
internal static class RobotWords
{
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["crawl", "spider", "robot", "fetcher", "indexer", "scraper", "monitor/", "monitoring", "linkcheck", "link-check", "link check", "validator", "preview service"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Contacts = SearchValues.Create(
        ["+http", "+ http", "(http", "; http", "+www."], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Sentence = SearchValues.Create(" ;,()");

    /// <summary>The reason, or null where it does not speak like a robot.</summary>
    public static string? Find(ReadOnlySpan<char> userAgent)
    {
        if (userAgent.ContainsAny(Words) || HasBot(userAgent))
            return "known_bot";
        return userAgent.ContainsAny(Contacts) || HasMailAddress(userAgent) ? "robot_contact" : null;
    }

    /// <summary><c>bot</c> or <c>bots</c> at the end of a word. Cubot is a maker of telephones.</summary>
    private static bool HasBot(ReadOnlySpan<char> rest)
    {
        for (int at; (at = rest.IndexOf("bot", StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            var phone = rest[..at].EndsWith("cu", StringComparison.OrdinalIgnoreCase);
            rest = rest[(at + 3)..];
            var end = rest.Length > 0 && rest[0] is 's' or 'S' ? rest[1..] : rest;
            if (!phone && (end.IsEmpty || !char.IsAsciiLetter(end[0])))
                return true;
        }

        return false;
    }

    /// <summary>A word of the form <c>name@host.tld</c>.</summary>
    private static bool HasMailAddress(ReadOnlySpan<char> userAgent)
    {
        var at = userAgent.IndexOf('@');
        if (at < 1 || !char.IsAsciiLetterOrDigit(userAgent[at - 1]))
            return false;
        var host = userAgent[(at + 1)..];
        var end = host.IndexOfAny(Sentence);
        host = end < 0 ? host : host[..end];
        var dot = host.LastIndexOf('.');
        return dot > 1 && dot < host.Length - 2 && char.IsAsciiLetter(host[dot + 1]);
    }
}
