using System.Net;
using System.Text;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Numbers the links of a job's content, HTML first, and decides which are tracked. A link that leads nowhere on
/// the web by its written scheme has no position; one that is switched off holds its position.
/// </summary>
internal sealed class LinkTable(bool tracking, UtmTags? tags)
{
    private const int MaxTextLength = 200;
    private const int MaxWarnings = 100;
    private readonly Dictionary<string, ushort> _numbers = new(StringComparer.Ordinal);
    private readonly List<FoundLink> _found = [];
    private readonly List<ContentError> _warnings = [];
    private int _position;

    public IReadOnlyList<FoundLink> Found => _found;

    public IReadOnlyList<ContentError> Warnings => _warnings;

    /// <summary>The link at a range of the source; null when it stays as it is in every message.</summary>
    public FoundLink? Add(MessagePart part, string source, List<TemplateToken> tokens, int start, int end, bool switchedOff)
    {
        var written = TokenRanges.Slice(tokens, start, end);
        var decoded = part == MessagePart.Html ? Decode(written) : written;
        var url = Spell(source, decoded).Trim();
        var constant = decoded.TrueForAll(token => token.Kind == TokenKind.Text);
        if (url.Length == 0 || (!MayBeWeb(decoded, url) && !IsScript(url)))
            return null;
        if (!TokenRanges.IsBalanced(written))
        {
            Warn(part, source, start, "this link begins in one block and ends in another; it is not tracked");
            return null;
        }
        var numbered = !IsScript(url) && _position < LinkPlace.ScannerPosition - 1;
        if (numbered)
            _position++;
        var ours = (tracking || tags is not null) && numbered && !switchedOff && !IsUnsubscribe(decoded) && (!constant || IsTrackable(part, source, start, url));
        if (!ours && constant && !IsScript(url))
            return null;
        var tracked = tracking && ours;
        var link = tracked ? Number(url) : (ushort)0;
        var found = new FoundLink(part, start, end, link, (ushort)(numbered ? _position : 0), url) { Decoded = decoded, Tags = ours ? tags : null };
        _found.Add(found);
        return found;
    }

    public void Warn(MessagePart part, string source, int offset, string message)
    {
        if (_warnings.Count == MaxWarnings)
            return;
        var (line, column) = TemplateError.Locate(source, offset);
        _warnings.Add(new ContentError(part == MessagePart.Html ? "content.html" : "content.text", message, line, column));
    }

    public List<TemplateLink> ToLinks()
    {
        var links = new List<TemplateLink>();
        foreach (var found in _found)
        {
            if (found.IsTracked)
                links.Add(new TemplateLink(found.Link, found.Position, found.Url, Shorten(found.Text), found.Part));
        }
        return links;
    }

    private ushort Number(string url)
    {
        if (!_numbers.TryGetValue(url, out var number))
            _numbers[url] = number = (ushort)(_numbers.Count + 1);
        return number;
    }

    private bool IsTrackable(MessagePart part, string source, int start, string url)
    {
        var target = DestinationUrl.Read(Encoding.UTF8.GetBytes(url), new ByteBuffer());
        if (target == LinkTarget.TooLong)
            Warn(part, source, start, $"this URL is longer than {TrackingTokens.MaxUrlBytes} bytes; it is not tracked");
        else if (target != LinkTarget.Web)
            Warn(part, source, start, "this is no complete http or https URL; it is not tracked");
        return target == LinkTarget.Web;
    }

    private static List<TemplateToken> Decode(List<TemplateToken> written)
    {
        var decoded = new List<TemplateToken>(written.Count);
        foreach (var token in written)
            decoded.Add(token.Kind == TokenKind.Text ? token with { Text = WebUtility.HtmlDecode(token.Text) } : token);
        return decoded;
    }

    private static string Spell(string source, List<TemplateToken> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Text)
                text.Append(token.Text);
            else if (token.Kind != TokenKind.Comment)
                text.Append(source, token.Start, token.End - token.Start);
        }
        return text.ToString();
    }

    /// <summary>Whether the scheme is http or https, or known only once the data is.</summary>
    private static bool MayBeWeb(List<TemplateToken> decoded, string url)
    {
        var first = decoded.Find(token => token.Kind != TokenKind.Text || !string.IsNullOrWhiteSpace(token.Text));
        return first is { Kind: not TokenKind.Text } || DestinationUrl.IsHttp(Encoding.UTF8.GetBytes(url));
    }

    private static bool IsScript(string url) =>
        DestinationUrl.Read(Encoding.UTF8.GetBytes(url), new ByteBuffer()) == LinkTarget.Harmful;

    private static bool IsUnsubscribe(List<TemplateToken> tokens) => tokens.Exists(token => !token.IsTag ? false
        : token.Text == "unsubscribe_url" || token.Text.EndsWith(".unsubscribe_url", StringComparison.Ordinal)
            || token.Text.EndsWith("/unsubscribe_url", StringComparison.Ordinal));

    private static string Shorten(string text) => text.Length <= MaxTextLength ? text
        : text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
}
