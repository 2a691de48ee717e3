using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Specimens;

/// <summary>Writes the specimen of a mail that is text alone: as it is, its tracked URLs in anchors.</summary>
internal static class SpecimenText
{
    public static void Write(string source, List<TemplateToken> tokens, IEnumerable<FoundLink> links, SpecimenValues values, SpecimenOutput output)
    {
        var trimmed = WhitespaceControl.Apply(tokens);
        var tracked = links.Where(link => link.IsTracked).ToArray();
        var plan = new BranchPlan(trimmed, [.. tracked.Select(link => link.Start)], (start, end) => source.AsSpan(start, end - start).Contains('\n'));
        var cursor = new SpecimenCursor(trimmed, plan, values);
        output.Write("<pre style=\"white-space:pre-wrap;font-family:inherit\" dir=\"auto\">");
        foreach (var link in tracked)
        {
            WriteTo(link.Start, cursor, values, output);
            var tag = new SpecimenTag("a");
            tag.AddPosition(link.Position);
            output.Write(tag + SpecimenOutput.Escape(cursor.Flatten(link.End, (token, text) => text ?? values.Of(token.Text, placeholder: true))) + "</a>");
        }

        WriteTo(source.Length, cursor, values, output);
        output.Write("</pre>");
    }

    private static void WriteTo(int end, SpecimenCursor cursor, SpecimenValues values, SpecimenOutput output)
    {
        while (!output.IsFull && cursor.TryTake(end, out var token, out var text))
            output.WriteText(text ?? values.Of(token.Text, placeholder: true));
        cursor.SkipTo(end);
    }
}
