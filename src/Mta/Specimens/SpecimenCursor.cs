using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Specimens;

/// <summary>
/// Walks a template's tokens once, in the order of its source, and knows at each what the blocks around it are about. Used from the
/// beginning to the end, never back.
/// </summary>
internal sealed class SpecimenCursor(List<TemplateToken> tokens, BranchPlan plan, SpecimenValues values)
{
    private readonly Stack<(SpecimenBlock Block, int Part)> _open = new();
    private int _index;
    private int _at;
    private int _later;

    /// <summary>
    /// All that is seen of a run of text in which there is room for one branch only, as in an attribute: the first ones. Texts as they are in the source.
    /// </summary>
    /// <param name="of">Makes text of a token, or of its text.</param>
    public string Flatten(int end, Func<TemplateToken, string?, string> of)
    {
        var flat = new StringBuilder();
        var later = _later;
        while (TryTake(end, out var token, out var text))
        {
            if (_later <= later)
                flat.Append(of(token, text));
        }

        return flat.ToString();
    }

    /// <summary>Passes what stands before an offset.</summary>
    public void SkipTo(int offset)
    {
        while (TryTake(offset, out _, out _))
        {
        }
    }

    /// <summary>
    /// The next piece of text or expression before an offset that is to be seen; false at the offset. Block tags are followed on the way.
    /// </summary>
    /// <param name="token">An expression's tag; for text the token that it is from.</param>
    /// <param name="text">Null for an expression.</param>
    public bool TryTake(int end, out TemplateToken token, out string? text)
    {
        while (_index < tokens.Count && tokens[_index] is var next && next.Start < end)
        {
            (token, text) = (next, null);
            if (next.Kind != TokenKind.Text)
            {
                _index++;
                Follow(next);
                if (next.Kind is not (TokenKind.Output or TokenKind.RawOutput) || plan.IsHidden(next.Start))
                    continue;
                return true;
            }

            var from = Math.Max(_at, next.Start);
            var to = Math.Min(end, next.End);
            _at = to;
            if (next.End <= end)
                _index++;
            if (from < to && !plan.IsHidden(from))
            {
                text = next.Text[(from - next.Start)..(to - next.Start)];
                return true;
            }

            if (to < next.End)
                break;
        }

        (token, text) = (TemplateToken.OfText("", 0), null);
        return false;
    }

    private void Follow(TemplateToken token)
    {
        switch (token.Kind)
        {
            case TokenKind.OpenBlock or TokenKind.OpenInverse:
                var opened = SpecimenBlock.Of(token);
                _open.Push((opened, 0));
                Enter(opened, 0);
                break;
            case TokenKind.Else:
                var (block, part) = _open.Pop();
                Leave(block, part);
                _open.Push((block, part + 1));
                _later += part == 0 ? 1 : 0;
                Enter(block, part + 1);
                break;
            case TokenKind.Close:
                var (closed, last) = _open.Pop();
                Leave(closed, last);
                _later -= last > 0 ? 1 : 0;
                break;
            default:
                break;
        }
    }

    private void Enter(in SpecimenBlock block, int part)
    {
        if (block.ChangesContext && part == block.Body)
            values.Enter(block.Subject, block.IsLoop);
    }

    private void Leave(in SpecimenBlock block, int part)
    {
        if (block.ChangesContext && part == block.Body)
            values.Leave(block.IsLoop);
    }
}
