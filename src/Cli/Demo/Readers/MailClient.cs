using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Delivery.Cli.Demo.Mime;

namespace Delivery.Cli.Demo.Readers;

/// <summary>Opens a message as a mail client does. Knows nothing of how it was made. Thread-safe.</summary>
internal static class MailClient
{
    /// <param name="trackerUrl">Where the tracker is; its pixel is the image below <c>/o/</c>.</param>
    /// <exception cref="FormatException">The message breaks a rule that a client relies on.</exception>
    public static ReceivedMail Open(ReadOnlySpan<byte> raw, string trackerUrl)
    {
        var message = MimeReader.Read(raw);
        if (message.Type.MediaType != "multipart/alternative")
            throw new FormatException($"the message is {message.Type.MediaType}, not multipart/alternative");
        if (message.Find("text/plain") is not { } text || text.Text().Trim().Length == 0)
            throw new FormatException("the message has no text for those who see no HTML");
        if (message.Find("text/html") is not { } html)
            throw new FormatException("the message has no HTML");
        var document = new HtmlParser().ParseDocument(html.Text());
        return new ReceivedMail(message.Header("Subject") ?? "", Links(document), Pixel(document, trackerUrl), OneClick(message));
    }

    private static List<ReceivedLink> Links(IParentNode document)
    {
        var turns = new Dictionary<string, int>();
        var links = new List<ReceivedLink>();
        foreach (var anchor in document.QuerySelectorAll("a[href]"))
        {
            var name = anchor.GetAttribute("data-link") ?? "";
            var turn = turns.GetValueOrDefault(name);
            turns[name] = turn + 1;
            links.Add(new ReceivedLink(name, turn, anchor.GetAttribute("href")!));
        }

        return links;
    }

    private static Uri? Pixel(IParentNode document, string trackerUrl)
    {
        foreach (var image in document.QuerySelectorAll("img[src]"))
        {
            var source = image.GetAttribute("src")!;
            if (source.StartsWith(trackerUrl + "/o/", StringComparison.Ordinal))
                return new Uri(source);
        }

        return null;
    }

    /// <summary>The https or http address of List-Unsubscribe, where List-Unsubscribe-Post allows to use it without a page.</summary>
    private static Uri? OneClick(MimePart message)
    {
        if (message.Header("List-Unsubscribe-Post")?.Trim() != "List-Unsubscribe=One-Click" || message.Header("List-Unsubscribe") is not { } list)
            return null;
        foreach (var entry in list.Split(','))
        {
            if (entry.Trim() is ['<', .. var address, '>'] && Uri.TryCreate(address.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
        }

        return null;
    }
}
