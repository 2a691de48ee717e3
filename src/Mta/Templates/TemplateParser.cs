using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>
/// Makes instructions of tokens, with a list of open blocks instead of recursion, so that no source can exhaust
/// the stack. Ends at the first error.
/// </summary>
internal sealed class TemplateParser
{
    private readonly string _source;
    private readonly TemplateMode _mode;
    private readonly Stack<OpenBlock> _open = new();
    private TemplateError? _error;
    private int _depth;

    private TemplateParser(string source, TemplateMode mode)
    {
        _source = source;
        _mode = mode;
        _open.Push(new OpenBlock { Name = "", Token = TemplateToken.OfText("", 0) });
    }

    public static TemplateNode[]? Parse(string source, List<TemplateToken> tokens, TemplateMode mode, out TemplateError? error)
    {
        var parser = new TemplateParser(source, mode);
        foreach (var token in tokens)
        {
            if (!parser.Add(token))
                break;
        }
        var last = parser._open.Peek();
        if (parser._error is null && parser._open.Count > 1)
            parser.Fail(last.Token.Start, $"'{Title(last)}' opened at line {parser.LineOf(last)} is never closed; add '{{{{/{last.Name}}}}}'");
        error = parser._error;
        return error is null ? [.. last.Nodes] : null;
    }

    private bool Add(TemplateToken token)
    {
        switch (token.Kind)
        {
            case TokenKind.Text:
                AddText(token);
                return true;
            case TokenKind.Comment:
                return true;
            case TokenKind.Output or TokenKind.RawOutput:
                if (ParseExpression(token, token.Text, 0) is not { } output)
                    return false;
                _open.Peek().Nodes.Add(new OutputNode(output, FormOf(token.Kind)) { Offset = token.Start });
                return true;
            case TokenKind.OpenBlock or TokenKind.OpenInverse:
                return Open(token);
            case TokenKind.Else:
                return Else(token);
            case TokenKind.Close:
                return Close(token);
            case TokenKind.SpliceOpen:
                _open.Push(new OpenBlock { Name = "", Token = token });
                return true;
            default:
                var splice = _open.Pop();
                _open.Peek().Nodes.Add(splice.ToNode());
                return true;
        }
    }

    private OutputForm FormOf(TokenKind kind) => _mode switch
    {
        TemplateMode.Html when kind == TokenKind.Output => OutputForm.Escaped,
        TemplateMode.TextOfHtml when kind == TokenKind.RawOutput => OutputForm.Stripped,
        _ => OutputForm.AsItIs,
    };

    private void AddText(TemplateToken token)
    {
        if (token.Text.Length > 0)
            _open.Peek().Nodes.Add(new TextNode(Encoding.UTF8.GetBytes(token.Text)) { Offset = token.Start });
    }

    private bool Open(TemplateToken token)
    {
        if (++_depth > TemplateLimits.MaxDepth)
            return Fail(token.Start, $"blocks nest deeper than {TemplateLimits.MaxDepth}");
        var (name, subject, offset) = SplitHead(token.Text);
        var inverted = token.Kind == TokenKind.OpenInverse;
        var block = new OpenBlock { Name = name, Token = token, Negated = inverted != (name == "unless") };
        if (!TryParseSubject(token, name, subject, offset, out var expression))
            return false;
        block.Subject = expression;
        _open.Push(block);
        return true;
    }

    private bool Else(TemplateToken token)
    {
        var block = _open.Peek();
        if (block.Name == "")
            return Fail(token.Start, "this '{{else}}' is in no block");
        if (block.SawElse)
            return Fail(token.Start, $"'{Title(block)}' opened at line {LineOf(block)} has its '{{{{else}}}}' already");
        block.EndPart();
        if (token.Text.Length == 0)
        {
            block.SawElse = true;
            return true;
        }
        var (name, subject, offset) = SplitHead(token.Text);
        if (!block.IsConditional || name is "each" or "with")
            return Fail(token.Start, $"'else {name}' cannot stand in '{Title(block)}'; write '{{{{else}}}}' and a block of its own");
        if (!TryParseSubject(token, name, subject, offset, out var expression))
            return false;
        block.Subject = expression;
        block.Negated = name == "unless";
        return true;
    }

    private bool Close(TemplateToken token)
    {
        var block = _open.Peek();
        if (_open.Count == 1 || block.Name == "")
            return Fail(token.Start, $"'{{{{/{token.Text}}}}}' closes a block that was never opened");
        if (block.Name != token.Text)
            return Fail(token.Start, $"'{{{{/{token.Text}}}}}' stands where '{Title(block)}' opened at line {LineOf(block)} must be closed first");
        _open.Pop();
        _depth--;
        _open.Peek().Nodes.Add(block.ToNode());
        return true;
    }

    /// <summary>The value a block is about: a parameter after if, unless, each and with; all of it for a condition helper.</summary>
    private bool TryParseSubject(TemplateToken token, string name, string subject, int offset, out Expression? expression)
    {
        expression = null;
        if (name is "if" or "unless" or "each" or "with")
        {
            if (subject.Length == 0)
                return Fail(token.Start, $"'{name}' needs a value, as in '{{{{#{name} items}}}}'");
            expression = ParseExpression(token, subject, offset, alone: true);
            return expression is not null;
        }
        if (HelperTable.Find(name) is not { IsCondition: true })
            return Fail(token.Start, $"there is no block '{name}'; the blocks are if, unless, each and with");
        expression = ParseExpression(token, token.Text, 0);
        return expression is not null;
    }

    private Expression? ParseExpression(TemplateToken token, string text, int offset, bool alone = false)
    {
        // A block's parameter is one value: (…) around it keeps a second word from becoming a helper's parameter.
        var parsed = ExpressionParser.Parse(text, out var message, out var at);
        if (parsed is HelperExpression or DateExpression && alone && !text.StartsWith('('))
        {
            Fail(token.Start, $"put the helper in parentheses: '({text})'");
            return null;
        }
        if (parsed is null)
            Fail(token.TextStart + offset + at, message);
        return parsed;
    }

    private static (string Name, string Subject, int Offset) SplitHead(string text)
    {
        var end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] != '(')
            end++;
        var offset = end;
        while (offset < text.Length && char.IsWhiteSpace(text[offset]))
            offset++;
        return (text[..end], text[offset..], offset);
    }

    private static string Title(OpenBlock block) => "#" + block.Name;

    private int LineOf(OpenBlock block) => TemplateError.Locate(_source, block.Token.Start).Line;

    private bool Fail(int offset, string message)
    {
        _error ??= TemplateError.At(_source, offset, message);
        return false;
    }
}
