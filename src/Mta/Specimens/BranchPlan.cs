using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Specimens;

/// <summary>
/// Which branches of a template a specimen leaves out, as ranges of the source. The first branch of a condition is in it and each that has
/// tags or links of its own; the body of a loop or a context once, and what stands for no data only where it has links.
/// </summary>
internal sealed class BranchPlan
{
    private readonly List<(int Start, int End)> _hidden = [];
    private readonly Func<int, int, bool> _hasContent;
    private readonly int[] _links;

    /// <param name="tokens">Balanced, as they are once their template compiles.</param>
    /// <param name="links">Where the tracked links begin, ascending.</param>
    /// <param name="hasContent">Whether a branch between two offsets is more than a few words.</param>
    public BranchPlan(List<TemplateToken> tokens, int[] links, Func<int, int, bool> hasContent)
    {
        _links = links;
        _hasContent = hasContent;
        var open = new Stack<Part>();
        foreach (var token in tokens)
        {
            if (token.Kind is TokenKind.OpenBlock or TokenKind.OpenInverse)
                open.Push(new Part(SpecimenBlock.Of(token), 0, token.End));
            else if (token.Kind == TokenKind.Else)
                open.Push(End(open.Pop(), token) with { Index = 1, Start = token.End });
            else if (token.Kind == TokenKind.Close)
                _ = End(open.Pop(), token);
        }

        _hidden.Sort();
    }

    public bool IsHidden(int offset)
    {
        var at = _hidden.BinarySearch((offset, int.MaxValue));
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && offset < _hidden[at].End;
    }

    private Part End(Part part, TemplateToken by)
    {
        var shown = part.Block.ChangesContext ? part.Index == part.Block.Body : part.Index == 0 || _hasContent(part.Start, by.Start);
        if (shown || part.Start == by.Start || HasLink(part.Start, by.Start))
            return part;
        // Blocks end from the inside out: those within are part of this one.
        while (_hidden.Count > 0 && _hidden[^1].Start >= part.Start)
            _hidden.RemoveAt(_hidden.Count - 1);
        _hidden.Add((part.Start, by.Start));
        return part;
    }

    private bool HasLink(int start, int end) => HasAny(_links, start, end);

    /// <summary>Whether one of the ascending offsets lies between two.</summary>
    public static bool HasAny(int[] offsets, int start, int end)
    {
        var at = Array.BinarySearch(offsets, start);
        at = at < 0 ? ~at : at;
        return at < offsets.Length && offsets[at] < end;
    }

    /// <param name="Index">0 before the first else, 1 behind it.</param>
    private sealed record Part(SpecimenBlock Block, int Index, int Start);
}
