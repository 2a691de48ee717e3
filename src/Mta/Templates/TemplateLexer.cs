namespace Delivery.Mta.Templates;

/// <summary>Cuts a source into text and tags. Quotes and [segments] inside a tag hide its closing braces.</summary>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private TemplateError? _error;

    private TemplateLexer(string source) => _source = source;

    public static bool TryTokenize(string source, out List<TemplateToken> tokens, out TemplateError? error)
    {
        var lexer = new TemplateLexer(source);
        lexer.Run();
        tokens = lexer._tokens;
        error = lexer._error;
        return error is null;
    }

    private void Run()
    {
        var text = 0;
        var from = 0;
        while (_error is null)
        {
            var open = _source.IndexOf("{{", from, StringComparison.Ordinal);
            if (open < 0)
            {
                AddText(text, _source.Length);
                return;
            }
            var slashes = CountBackslashes(open, text);
            if (slashes == 1)
            {
                // \{{ stands for the braces themselves, up to the next tag.
                AddText(text, open - 1);
                text = open;
                from = open + 2;
                continue;
            }
            AddText(text, slashes > 1 ? open - 1 : open);
            text = from = ReadTag(open);
        }
    }

    private int CountBackslashes(int open, int floor)
    {
        var count = 0;
        while (count < 2 && open - count - 1 >= floor && _source[open - count - 1] == '\\')
            count++;
        return count;
    }

    private void AddText(int start, int end)
    {
        if (end > start)
            _tokens.Add(TemplateToken.OfText(_source[start..end], start));
    }

    /// <summary>Reads the tag at <paramref name="open"/>; returns the offset behind it.</summary>
    private int ReadTag(int open)
    {
        var at = open + 2;
        if (Peek(at) == '{' && Peek(at + 1) == '{')
            return Fail(open, "raw blocks '{{{{…}}}}' are not supported; write '\\{{' for literal braces");
        var stripLeft = Peek(at) == '~';
        if (stripLeft)
            at++;
        if (Peek(at) == '!')
            return ReadComment(open, at, stripLeft);

        var kind = TokenKind.Output;
        var triple = false;
        switch (Peek(at))
        {
            case '{': kind = TokenKind.RawOutput; triple = true; at++; break;
            case '&': kind = TokenKind.RawOutput; at++; break;
            case '#': kind = TokenKind.OpenBlock; at++; break;
            case '^': kind = TokenKind.OpenInverse; at++; break;
            case '/': kind = TokenKind.Close; at++; break;
            case '>': return Fail(open, "partials '{{> …}}' are not supported; put the content in the template itself");
            default: break;
        }
        var close = FindClose(open, at, triple);
        if (close < 0)
            return _error is null ? Fail(open, "this '{{' is never closed by '}}'") : _source.Length;
        var inner = close;
        var after = close + 2;
        bool stripRight;
        if (triple)
        {
            // {{{x}}} or {{{x}~}}
            stripRight = Peek(close + 1) == '~';
            after = close + (stripRight ? 4 : 3);
            if (_source[close] != '}' || after > _source.Length || !_source.AsSpan(after - 2, 2).SequenceEqual("}}"))
                return Fail(open, "this '{{{' is not closed by '}}}'");
        }
        else
        {
            stripRight = inner > at && _source[inner - 1] == '~';
            if (stripRight)
                inner--;
        }
        AddTag(kind, open, after, at, inner, stripLeft, stripRight);
        return after;
    }

    private void AddTag(TokenKind kind, int open, int after, int at, int inner, bool stripLeft, bool stripRight)
    {
        var raw = _source.AsSpan(at, inner - at);
        var text = raw.Trim();
        var textStart = at + raw.Length - raw.TrimStart().Length;
        if (kind is TokenKind.Output && IsElse(text))
        {
            kind = TokenKind.Else;
            var rest = text[4..].Trim();
            textStart += text.Length - rest.Length;
            text = rest;
        }
        else if (kind is TokenKind.OpenInverse && text.IsEmpty)
        {
            kind = TokenKind.Else;
        }
        if (kind is TokenKind.Output or TokenKind.RawOutput && text.IsEmpty)
        {
            Fail(open, "this tag is empty; name a field, as in '{{name}}'");
            return;
        }
        _tokens.Add(new TemplateToken(kind, open, after, text.ToString())
        {
            TextStart = textStart,
            StripLeft = stripLeft,
            StripRight = stripRight,
        });
    }

    private int ReadComment(int open, int at, bool stripLeft)
    {
        var dashed = Peek(at + 1) == '-' && Peek(at + 2) == '-';
        var body = dashed ? at + 3 : at + 1;
        int end, after;
        bool stripRight;
        if (dashed)
        {
            end = IndexOfDashedEnd(body, out stripRight);
            after = end + (stripRight ? 5 : 4);
        }
        else
        {
            end = _source.IndexOf("}}", body, StringComparison.Ordinal);
            after = end + 2;
            stripRight = end > body && _source[end - 1] == '~';
        }
        if (end < 0)
            return Fail(open, dashed ? "this comment is never closed by '--}}'" : "this comment is never closed by '}}'");
        _tokens.Add(new TemplateToken(TokenKind.Comment, open, after, "")
        {
            TextStart = open,
            StripLeft = stripLeft,
            StripRight = stripRight,
        });
        return after;
    }

    private int IndexOfDashedEnd(int from, out bool strip)
    {
        strip = false;
        for (var at = from; (at = _source.IndexOf("--", at, StringComparison.Ordinal)) >= 0; at++)
        {
            var rest = _source.AsSpan(at + 2);
            strip = rest.StartsWith("~}}");
            if (strip || rest.StartsWith("}}"))
                return at;
        }
        return -1;
    }

    /// <summary>The offset of the first closing brace, outside strings and [segments].</summary>
    private int FindClose(int open, int at, bool triple)
    {
        while (at < _source.Length)
        {
            var c = _source[at];
            if (c is '"' or '\'' or '[')
            {
                var end = FindEndOfQuoted(at, c == '[' ? ']' : c);
                if (end < 0)
                {
                    Fail(at, c == '[' ? "this '[' is never closed by ']'" : $"the string that begins with {c} is never closed");
                    return -1;
                }
                at = end + 1;
                continue;
            }
            if (c == '}' && (Peek(at + 1) == '}' || (triple && Peek(at + 1) == '~' && Peek(at + 2) == '}')))
                return at;
            if (c == '{' && Peek(at + 1) == '{')
                break;
            at++;
        }
        Fail(open, "this '{{' is never closed by '}}'");
        return -1;
    }

    private int FindEndOfQuoted(int at, char quote)
    {
        for (var i = at + 1; i < _source.Length; i++)
        {
            if (_source[i] == '\\' && quote != ']' && Peek(i + 1) == quote)
                i++;
            else if (_source[i] == quote)
                return i;
        }
        return -1;
    }

    private static bool IsElse(ReadOnlySpan<char> text) =>
        text.StartsWith("else") && (text.Length == 4 || char.IsWhiteSpace(text[4]));

    private char Peek(int at) => at < _source.Length ? _source[at] : '\0';

    private int Fail(int offset, string message)
    {
        _error ??= TemplateError.At(_source, offset, message);
        return _source.Length;
    }
}
