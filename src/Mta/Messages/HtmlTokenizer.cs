namespace Delivery.Mta.Messages;

/// <summary>
/// Cuts masked HTML into text, tags and what no reader sees, after the WHATWG tokenizer's rules as far as mail needs
/// them. Every input yields tokens that cover it without gaps; nothing is an error.
/// </summary>
internal sealed class HtmlTokenizer
{
    private readonly string _html;
    private readonly List<HtmlToken> _tokens = [];
    private int _at;

    private HtmlTokenizer(string masked) => _html = masked;

    public static List<HtmlToken> Tokenize(string masked)
    {
        var tokenizer = new HtmlTokenizer(masked);
        while (tokenizer._at < masked.Length)
            tokenizer.ReadNext();
        return tokenizer._tokens;
    }

    private void ReadNext()
    {
        if (!IsMarkup(_at))
        {
            var end = _at + 1;
            while ((end = _html.IndexOf('<', end)) >= 0 && !IsMarkup(end))
                end++;
            Add(HtmlTokenKind.Text, end < 0 ? _html.Length : end);
            return;
        }
        var next = _html[_at + 1];
        if (next is '!' or '?')
            Add(HtmlTokenKind.Hidden, EndOfComment());
        else
            ReadTag(next == '/');
    }

    private bool IsMarkup(int at) => _html[at] == '<' && at + 1 < _html.Length
        && (_html[at + 1] is '!' or '?' || char.IsAsciiLetter(_html[at + 1])
            || (_html[at + 1] == '/' && at + 2 < _html.Length && char.IsAsciiLetter(_html[at + 2])));

    private int EndOfComment()
    {
        if (string.CompareOrdinal(_html, _at, "<!--", 0, 4) != 0)
            return Behind(_html.IndexOf('>', _at), 1);
        if (string.CompareOrdinal(_html, _at + 4, ">", 0, 1) == 0)
            return _at + 5;
        return Behind(_html.IndexOf("-->", _at + 2, StringComparison.Ordinal), 3);
    }

    private int Behind(int found, int length) => found < 0 ? _html.Length : found + length;

    private void ReadTag(bool closing)
    {
        var start = _at;
        var at = start + (closing ? 2 : 1);
        var nameStart = at;
        while (at < _html.Length && !IsBreak(_html[at]))
            at++;
        var name = _html[nameStart..at].ToLowerInvariant();
        var attributes = new List<HtmlAttribute>();
        at = ReadAttributes(at, attributes);
        _at = at;
        _tokens.Add(new HtmlToken(closing ? HtmlTokenKind.EndTag : HtmlTokenKind.StartTag, start, at, name) { Attributes = attributes });
        if (!closing && (name is "script" or "style" or "title" or "textarea" or "xmp" or "noembed" or "iframe"))
            SkipRawText(name);
    }

    private void SkipRawText(string name)
    {
        var end = _at;
        while ((end = _html.IndexOf("</", end, StringComparison.Ordinal)) >= 0)
        {
            var after = end + 2 + name.Length;
            if (string.Compare(_html, end + 2, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
                && (after >= _html.Length || IsBreak(_html[after])))
                break;
            end += 2;
        }
        if (end < 0)
            end = _html.Length;
        if (end > _at)
            Add(HtmlTokenKind.Hidden, end);
    }

    /// <summary>Returns the offset behind the tag's '>'.</summary>
    private int ReadAttributes(int at, List<HtmlAttribute> attributes)
    {
        while (at < _html.Length)
        {
            var c = _html[at];
            if (c == '>')
                return at + 1;
            if (IsBreak(c))
            {
                at++;
                continue;
            }
            var nameStart = at++;
            while (at < _html.Length && _html[at] != '=' && !IsBreak(_html[at]))
                at++;
            var name = _html[nameStart..at].ToLowerInvariant();
            var equals = SkipSpace(at);
            if (equals >= _html.Length || _html[equals] != '=')
            {
                attributes.Add(new HtmlAttribute(name, at, at));
                continue;
            }
            at = ReadValue(SkipSpace(equals + 1), name, attributes);
        }
        return at;
    }

    private int ReadValue(int at, string name, List<HtmlAttribute> attributes)
    {
        if (at < _html.Length && (_html[at] is '"' or '\''))
        {
            var end = _html.IndexOf(_html[at], at + 1);
            if (end < 0)
                return _html.Length;
            attributes.Add(new HtmlAttribute(name, at + 1, end));
            return end + 1;
        }
        var start = at;
        while (at < _html.Length && _html[at] != '>' && !char.IsWhiteSpace(_html[at]))
            at++;
        attributes.Add(new HtmlAttribute(name, start, at));
        return at;
    }

    private int SkipSpace(int at)
    {
        while (at < _html.Length && char.IsWhiteSpace(_html[at]))
            at++;
        return at;
    }

    private static bool IsBreak(char c) => c is '>' or '/' or SourceMask.Filler || char.IsWhiteSpace(c);

    private void Add(HtmlTokenKind kind, int end)
    {
        _tokens.Add(new HtmlToken(kind, _at, end));
        _at = end;
    }
}
