using System.Globalization;
using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>
/// Makes expressions of the tokens of one tag: a lone value or path, or a helper with its parameters.
/// Sub-expressions nest at most <see cref="TemplateLimits.MaxDepth"/> deep.
/// </summary>
internal sealed class ExpressionParser
{
    private readonly List<ExpressionToken> _tokens = [];
    private int _at;
    private int _depth;

    private ExpressionParser()
    {
    }

    public string Message { get; private set; } = "";

    public int Offset { get; private set; }

    /// <summary>Parses the whole text as one expression; null with message and offset within the text.</summary>
    public static Expression? Parse(string text, out string message, out int offset)
    {
        var parser = new ExpressionParser();
        if (!ExpressionLexer.TryTokenize(text, parser._tokens, out message, out offset))
            return null;
        var parsed = parser.ParseCallOrValue(ExpressionTokenKind.End);
        message = parser.Message;
        offset = parser.Offset;
        return parsed;
    }

    private Expression? ParseCallOrValue(ExpressionTokenKind end)
    {
        var head = Next();
        if (Peek().Kind == end)
        {
            _at++;
            return ParseValue(head);
        }
        if (head.Kind == ExpressionTokenKind.Open)
            return ParseInner(head, end);
        if (head.Kind != ExpressionTokenKind.Word)
            return Fail(head, head.Kind == end ? "a value is missing here" : "a helper's name must come first");
        if (head.Text == HelperTable.Date)
            return ParseDate(head, end);
        var helper = HelperTable.Find(head.Text);
        if (helper is null)
            return Fail(head, $"there is no helper '{head.Text}'; the helpers are {HelperTable.Names}");
        var arguments = ParseArguments(head, end);
        if (arguments is null)
            return null;
        if (arguments.Count < helper.MinArguments || arguments.Count > helper.MaxArguments)
            return Fail(head, $"'{helper.Name}' takes {Count(helper)}, not {arguments.Count}");
        return new HelperExpression(helper, [.. arguments]);
    }

    /// <summary>A sub-expression that stands alone.</summary>
    private Expression? ParseInner(ExpressionToken head, ExpressionTokenKind end)
    {
        var inner = ParseValue(head);
        if (inner is null)
            return null;
        if (Peek().Kind != end)
            return Fail(Peek(), "a helper's name must come before its parameters");
        _at++;
        return inner;
    }

    private List<Expression>? ParseArguments(ExpressionToken head, ExpressionTokenKind end)
    {
        var arguments = new List<Expression>();
        while (Peek().Kind != end)
        {
            var argument = ParseValue(Next());
            if (argument is null)
                return null;
            arguments.Add(argument);
            if (arguments.Count > TemplateLimits.MaxParameters)
            {
                Fail(head, $"a helper takes at most {TemplateLimits.MaxParameters} parameters");
                return null;
            }
        }
        _at++;
        return arguments;
    }

    private Expression? ParseValue(ExpressionToken token)
    {
        switch (token.Kind)
        {
            case ExpressionTokenKind.Quoted:
                return new LiteralExpression(TemplateValue.OfString(Encoding.UTF8.GetBytes(token.Text)));
            case ExpressionTokenKind.Word:
                return ParseWord(token);
            case ExpressionTokenKind.Open:
                if (++_depth > TemplateLimits.MaxDepth)
                    return Fail(token, $"sub-expressions nest deeper than {TemplateLimits.MaxDepth}");
                var inner = ParseCallOrValue(ExpressionTokenKind.Close);
                _depth--;
                return inner;
            case ExpressionTokenKind.Close:
                return Fail(token, "this ')' has no '('");
            default:
                return Fail(token, "a ')' or a value is missing here");
        }
    }

    private Expression? ParseWord(ExpressionToken word)
    {
        switch (word.Text)
        {
            case "true":
                return new LiteralExpression(TemplateValue.Of(true));
            case "false":
                return new LiteralExpression(TemplateValue.Of(false));
            case "null" or "undefined":
                return new LiteralExpression(TemplateValue.Null);
            default:
                break;
        }
        var c = word.Text[0];
        if ((char.IsAsciiDigit(c) || c == '-')
            && decimal.TryParse(word.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var digits = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
            return new LiteralExpression(TemplateValue.OfNumber(digits, 0, digits.Length, (double)number));
        }
        var path = PathParser.Parse(word.Text, out var message);
        return path ?? Fail(word, message);
    }

    private Expression? ParseDate(ExpressionToken head, ExpressionTokenKind end)
    {
        var first = _at;
        var arguments = ParseArguments(head, end);
        if (arguments is null)
            return null;
        if (arguments.Count is < 2 or > 3)
            return Fail(head, $"'date' takes a value, a \"format\" and perhaps a \"zone\", not {arguments.Count} parameters");
        var last = _tokens[_at - 2];
        var format = arguments.Count == 2 ? last : _tokens[_at - 3];
        if (format.Kind != ExpressionTokenKind.Quoted || last.Kind != ExpressionTokenKind.Quoted || _at - first < arguments.Count + 1)
            return Fail(head, "format and zone of 'date' must be \"strings\" in the template");
        if (!DateFormats.IsValid(format.Text))
            return Fail(format, $"\"{format.Text}\" is no date format; an example is \"yyyy-MM-dd HH:mm\"");
        var zone = arguments.Count == 3 ? DateFormats.FindZone(last.Text) : TimeZoneInfo.Utc;
        if (zone is null)
            return Fail(last, $"there is no time zone \"{last.Text}\"; write an offset as in \"+02:00\" or a name as in \"Asia/Jerusalem\"");
        return new DateExpression(arguments[0], format.Text, zone);
    }

    private static string Count(Helper helper) => helper.MinArguments == helper.MaxArguments
        ? $"{helper.MinArguments} parameter{(helper.MinArguments == 1 ? "" : "s")}"
        : $"{helper.MinArguments} to {helper.MaxArguments} parameters";

    private ExpressionToken Peek() => _tokens[Math.Min(_at, _tokens.Count - 1)];

    private ExpressionToken Next()
    {
        var token = Peek();
        _at++;
        return token;
    }

    private Expression? Fail(ExpressionToken token, string message)
    {
        if (Message.Length == 0)
        {
            Message = message;
            Offset = token.Offset;
        }
        return null;
    }
}
