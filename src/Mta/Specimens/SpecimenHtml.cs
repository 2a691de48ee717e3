using System.Net;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Specimens;

/// <summary>
/// Writes the specimen of an HTML part tag by tag: those of the template's source, which the link table numbers too, so that every numbered
/// link is there once, whatever the data. Data fills text and attributes and never makes a tag of the template another one.
/// </summary>
internal sealed class SpecimenHtml
{
    private readonly string _source;
    private readonly List<HtmlToken> _pieces;
    private readonly Dictionary<int, ushort> _positions = [];
    private readonly BranchPlan _plan;
    private readonly SpecimenCursor _cursor;
    private readonly SpecimenValues _values;
    private readonly SpecimenOutput _output;

    /// <param name="tokens">As the lexer has them: offsets are those of the source.</param>
    /// <param name="pieces">Of the source with its tags masked.</param>
    public SpecimenHtml(string source, List<TemplateToken> tokens, List<HtmlToken> pieces, IEnumerable<FoundLink> links, SpecimenValues values, SpecimenOutput output)
    {
        (_source, _pieces, _values, _output) = (source, pieces, values, output);
        foreach (var link in links)
        {
            if (link.IsTracked)
                _positions[link.Start] = link.Position;
        }

        var tags = pieces.Where(piece => piece.Kind is HtmlTokenKind.StartTag or HtmlTokenKind.EndTag).Select(piece => piece.Start).ToArray();
        var trimmed = WhitespaceControl.Apply(tokens);
        _plan = new BranchPlan(trimmed, [.. _positions.Keys.Order()], (start, end) => BranchPlan.HasAny(tags, start, end));
        _cursor = new SpecimenCursor(trimmed, _plan, values);
    }

    /// <summary>The attribute <c>dir</c> of the document or its body.</summary>
    public string Direction { get; private set; } = "";

    /// <summary>The attribute <c>lang</c> of the document.</summary>
    public string Language { get; private set; } = "";

    public void Write()
    {
        for (var i = 0; i < _pieces.Count && !_output.IsFull; i++)
        {
            var piece = _pieces[i];
            if (piece.Kind == HtmlTokenKind.Text)
            {
                WriteText(piece);
            }
            else if (SafeHtml.IsElement(piece.Name) && (!_plan.IsHidden(piece.Start) || HasPosition(piece)))
            {
                if (piece.Kind == HtmlTokenKind.EndTag && piece.Name != "style" && !SafeHtml.IsVoid(piece.Name))
                    _output.Write($"</{piece.Name}>");
                else if (piece.Kind == HtmlTokenKind.StartTag)
                    WriteTag(piece, i + 1 < _pieces.Count ? _pieces[i + 1] : null);
            }

            _cursor.SkipTo(piece.End);
        }
    }

    private void WriteText(HtmlToken piece)
    {
        while (!_output.IsFull && _cursor.TryTake(piece.End, out var token, out var text))
        {
            if (text is not null)
                _output.WriteSourceText(text);
            else if (_values.Of(token.Text, placeholder: true) is var value && token.Kind == TokenKind.RawOutput)
                SpecimenFragment.Write(value, _output);
            else
                _output.WriteText(value);
        }
    }

    private void WriteTag(HtmlToken piece, HtmlToken? next)
    {
        var tag = new SpecimenTag(piece.Name);
        var more = "";
        var placed = false;
        foreach (var attribute in piece.Attributes)
        {
            _cursor.SkipTo(attribute.Start);
            if (attribute.Name == "href" && _positions.TryGetValue(attribute.Start, out var position))
            {
                if (placed)
                {
                    var place = new SpecimenTag("span");
                    place.AddPosition(position);
                    more += place + "</span>";
                }
                else
                {
                    tag.AddPosition(position);
                }

                placed = true;
            }
            else if (tag.Takes(attribute.Name) && !_plan.IsHidden(attribute.Start))
            {
                Add(piece, tag, attribute);
            }
        }

        if (piece.Name != "style")
        {
            _output.Write(tag + more);
            return;
        }

        _cursor.SkipTo(piece.End);
        var css = next is { Kind: HtmlTokenKind.Hidden } ? _cursor.Flatten(next.End, Css) : "";
        _output.Write(tag + SafeCss.Clean(css) + "</style>");
    }

    private void Add(HtmlToken piece, SpecimenTag tag, HtmlAttribute attribute)
    {
        var placeholder = SafeHtml.IsText(attribute.Name);
        var value = _cursor.Flatten(attribute.End, (token, text) => text is null ? _values.Of(token.Text, placeholder) : WebUtility.HtmlDecode(text));
        if (attribute.Name == "lang" && piece.Name == "html" && Language.Length == 0)
            Language = value.Trim();
        if (attribute.Name == "dir" && piece.Name is ("html" or "body") && Direction.Length == 0)
            Direction = value.Trim();
        tag.Add(attribute.Name, value);
    }

    /// <summary>A tag that begins in a branch that is left out may have a link behind that branch's end.</summary>
    private bool HasPosition(HtmlToken piece)
    {
        foreach (var attribute in piece.Attributes)
        {
            if (_positions.ContainsKey(attribute.Start))
                return true;
        }

        return false;
    }

    private string Css(TemplateToken token, string? text) => text ?? _values.Of(token.Text, placeholder: false);
}
