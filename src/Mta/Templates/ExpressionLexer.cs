using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>Cuts the inside of a tag into words, strings and parentheses.</summary>
internal static class ExpressionLexer
{
    private const string Forbidden = "!\"#%&'()*+,;<=>^`{|}~";

    /// <summary>False: <paramref name="message"/> and <paramref name="offset"/> say what is wrong, and where in the text.</summary>
    public static bool TryTokenize(string text, List<ExpressionToken> tokens, out string message, out int offset)
    {
        message = "";
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            offset = at;
            if (at == text.Length)
            {
                tokens.Add(new ExpressionToken(ExpressionTokenKind.End, "", at));
                return true;
            }
            switch (text[at])
            {
                case '(':
                    tokens.Add(new ExpressionToken(ExpressionTokenKind.Open, "(", at++));
                    break;
                case ')':
                    tokens.Add(new ExpressionToken(ExpressionTokenKind.Close, ")", at++));
                    break;
                case '"' or '\'':
                    at = ReadString(text, at, tokens);
                    break;
                default:
                    if (!TryReadWord(text, ref at, tokens, out message))
                    {
                        offset = at;
                        return false;
                    }
                    break;
            }
        }
    }

    private static int ReadString(string text, int at, List<ExpressionToken> tokens)
    {
        var quote = text[at];
        var value = new StringBuilder();
        var i = at + 1;
        for (; i < text.Length && text[i] != quote; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == quote)
                i++;
            value.Append(text[i]);
        }
        tokens.Add(new ExpressionToken(ExpressionTokenKind.Quoted, value.ToString(), at));
        return i + 1;
    }

    private static bool TryReadWord(string text, ref int at, List<ExpressionToken> tokens, out string message)
    {
        var start = at;
        message = "";
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('(' or ')'))
        {
            if (text[at] == '[')
            {
                at = text.IndexOf(']', at) + 1;
                continue;
            }
            if (Forbidden.Contains(text[at]))
            {
                message = Explain(text, start, at);
                return false;
            }
            at++;
        }
        tokens.Add(new ExpressionToken(ExpressionTokenKind.Word, text[start..at], start));
        return true;
    }

    private static string Explain(string text, int start, int at) => text[at] switch
    {
        '=' => $"named parameters ('{text[start..at]}=…') are not supported; give the parameters in order",
        '|' => "block parameters ('as |name|') are not supported; use 'this', '@index' and '@key'",
        '*' => "decorators and inline partials are not supported",
        var c => $"'{c}' cannot stand in a name; write it as a [segment] or as a \"string\"",
    };
}
