using System.Net;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Specimens;

/// <summary>HTML of a job's data, which has no links of the template's: what is safe of it.</summary>
internal static class SpecimenFragment
{
    public static void Write(string html, SpecimenOutput output)
    {
        html = html.Replace(SourceMask.Filler, ' ');
        var pieces = HtmlTokenizer.Tokenize(html);
        for (var i = 0; i < pieces.Count && !output.IsFull; i++)
        {
            var piece = pieces[i];
            switch (piece.Kind)
            {
                case HtmlTokenKind.Text:
                    output.WriteSourceText(html[piece.Start..piece.End]);
                    break;
                case HtmlTokenKind.StartTag when SafeHtml.IsElement(piece.Name):
                    output.Write(Tag(html, piece));
                    if (piece.Name == "style")
                    {
                        var css = i + 1 < pieces.Count && pieces[i + 1].Kind == HtmlTokenKind.Hidden ? html[pieces[i + 1].Start..pieces[i + 1].End] : "";
                        output.Write(SafeCss.Clean(css) + "</style>");
                    }

                    break;
                case HtmlTokenKind.EndTag when SafeHtml.IsElement(piece.Name) && !SafeHtml.IsVoid(piece.Name) && piece.Name != "style":
                    output.Write($"</{piece.Name}>");
                    break;
                default:
                    break;
            }
        }
    }

    private static string Tag(string html, HtmlToken piece)
    {
        var tag = new SpecimenTag(piece.Name);
        foreach (var attribute in piece.Attributes)
        {
            if (tag.Takes(attribute.Name))
                tag.Add(attribute.Name, WebUtility.HtmlDecode(html[attribute.Start..attribute.End]));
        }

        return tag.ToString();
    }
}
