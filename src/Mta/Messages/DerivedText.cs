using System.Net;
using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Makes the tokens of a text part from an HTML part: markup goes, expressions and blocks stay, entities are
/// decoded, an image is its alt text and a link "text (URL)" with the position it has in the HTML. Breaks are marks
/// for <see cref="TextNormalizer"/>. On the way each link gets the text its reader sees.
/// </summary>
internal sealed class DerivedText
{
    private readonly string _source;
    private readonly List<TemplateToken> _tokens;
    private readonly Dictionary<int, FoundLink> _links = [];
    private readonly List<TemplateToken> _output = [];
    private HtmlAttribute? _href;
    private int _anchor;
    private string _skipped = "";
    private int _skipDepth;

    private DerivedText(string source, List<TemplateToken> tokens, IReadOnlyList<FoundLink> links)
    {
        _source = source;
        _tokens = tokens;
        foreach (var link in links)
            _links[link.Start] = link;
    }

    public static List<TemplateToken> Create(string source, List<TemplateToken> tokens, List<HtmlToken> html, IReadOnlyList<FoundLink> links)
    {
        var derived = new DerivedText(source, tokens, links);
        foreach (var piece in html)
            derived.Add(piece);
        derived.EndAnchor();
        return derived._output;
    }

    private void Add(HtmlToken piece)
    {
        if (_skipDepth > 0 && piece.Name == _skipped)
            _skipDepth += piece.Kind == HtmlTokenKind.StartTag ? 1 : -1;
        if (piece.Kind == HtmlTokenKind.Text && _skipDepth == 0)
        {
            AddText(piece);
            return;
        }
        if (_skipDepth == 0)
            AddTag(piece);
        // Blocks that reach beyond a tag or a hidden piece stay, so that what is left is still balanced.
        _output.AddRange(TokenRanges.Unmatched(TokenRanges.Slice(_tokens, piece.Start, piece.End)));
    }

    private void AddText(HtmlToken piece)
    {
        foreach (var token in TokenRanges.Slice(_tokens, piece.Start, piece.End))
            _output.Add(token.Kind == TokenKind.Text ? token with { Text = Plain(token.Text) } : token);
    }

    private void AddTag(HtmlToken piece)
    {
        var opening = piece.Kind == HtmlTokenKind.StartTag;
        switch (piece.Name)
        {
            case "":
                break;
            case "a":
                EndAnchor();
                if (opening)
                    BeginAnchor(piece);
                break;
            case "area" when opening:
                EndAnchor();
                BeginAnchor(piece);
                AddAlt(piece);
                EndAnchor();
                break;
            case "img" when opening:
                AddAlt(piece);
                break;
            case "br" when opening:
                AddLiteral("\n", piece.Start);
                break;
            case "li" when opening:
                AddLiteral(TextNormalizer.Line + "- ", piece.Start);
                break;
            case "td" or "th" when opening:
                AddLiteral(" ", piece.Start);
                break;
            case "p" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "ul" or "ol" or "table" or "blockquote" or "pre" or "hr":
                AddLiteral(TextNormalizer.Paragraph.ToString(), piece.Start);
                break;
            case "div" or "tr" or "li" or "section" or "article" or "header" or "footer" or "center" or "dt" or "dd" or "address" or "figure" or "figcaption":
                AddLiteral(TextNormalizer.Line.ToString(), piece.Start);
                break;
            default:
                break;
        }
        if (opening && IsHidden(piece))
        {
            _skipped = piece.Name;
            _skipDepth = 1;
        }
    }

    private void BeginAnchor(HtmlToken piece)
    {
        foreach (var attribute in piece.Attributes)
        {
            if (attribute.Name == "href")
                _href = attribute;
        }
        _anchor = _output.Count;
    }

    private void EndAnchor()
    {
        if (_href is not { } href)
            return;
        _href = null;
        var visible = Visible();
        var original = TokenRanges.Slice(_tokens, href.Start, href.End);
        var url = WebUtility.HtmlDecode(_source[href.Start..href.End]).Trim();
        if (_links.TryGetValue(href.Start, out var link))
            link.Text = visible;
        if (url.Length == 0 || url[0] == '#' || !TokenRanges.IsBalanced(original))
            return;
        var bare = visible == url || (url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) && url.EndsWith(visible, StringComparison.Ordinal))
            || (url.StartsWith("tel:", StringComparison.OrdinalIgnoreCase));
        if (bare && link is null)
            return;
        if (bare)
            _output.RemoveRange(_anchor, _output.Count - _anchor);
        else
            AddLiteral(visible.Length > 0 ? " (" : "", href.Start);
        if (link is not null)
            LinkSplice.AddTo(_output, link, link.Decoded, html: false);
        else
            AddDecoded(original);
        if (!bare && visible.Length > 0)
            AddLiteral(")", href.End);
    }

    private void AddDecoded(List<TemplateToken> original)
    {
        foreach (var token in original)
            _output.Add(token.Kind == TokenKind.Text ? token with { Text = WebUtility.HtmlDecode(token.Text) } : token);
    }

    /// <summary>What the reader sees between the anchor's tags, as written in the template.</summary>
    private string Visible()
    {
        var text = new StringBuilder();
        foreach (var token in _output.GetRange(_anchor, _output.Count - _anchor))
        {
            if (token.Kind == TokenKind.Text)
                text.Append(token.Text);
            else if (token.Kind is not TokenKind.Comment && token.End > token.Start)
                text.Append(_source, token.Start, token.End - token.Start);
        }
        text.Replace(TextNormalizer.Line, ' ').Replace(TextNormalizer.Paragraph, ' ').Replace('\n', ' ');
        return string.Join(' ', text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private void AddAlt(HtmlToken piece)
    {
        foreach (var attribute in piece.Attributes)
        {
            var slice = TokenRanges.Slice(_tokens, attribute.Start, attribute.End);
            if (attribute.Name != "alt" || !TokenRanges.IsBalanced(slice))
                continue;
            foreach (var token in slice)
                _output.Add(token.Kind == TokenKind.Text ? token with { Text = Plain(token.Text) } : token);
        }
    }

    private bool IsHidden(HtmlToken piece)
    {
        if (piece.Name is "img" or "br" or "hr" or "input" or "meta" or "link" or "area" or "col" or "wbr")
            return false;
        foreach (var attribute in piece.Attributes)
        {
            if (attribute.Name == "hidden")
                return true;
            if (attribute.Name == "style" && _source[attribute.Start..attribute.End].Replace(" ", "", StringComparison.Ordinal)
                    .Contains("display:none", StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private void AddLiteral(string text, int offset)
    {
        if (text.Length > 0)
            _output.Add(new TemplateToken(TokenKind.Text, offset, offset, text) { TextStart = offset });
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(WebUtility.HtmlDecode(text));
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] is '\r' or '\n' or '\t' or '\u00A0' or TextNormalizer.Line or TextNormalizer.Paragraph)
                plain[i] = ' ';
        }
        return plain.ToString();
    }
}
