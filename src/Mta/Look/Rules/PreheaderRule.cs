using Delivery.Mta.Messages;

namespace Delivery.Mta.Look.Rules;

/// <summary>HTML without a preheader: hidden text before everything that is seen, which inboxes show behind the subject.</summary>
internal sealed class PreheaderRule : Rule
{
    public override void Look(LookMail mail, Findings findings)
    {
        if (mail.Html is { } html && !HasPreheader(mail, html))
            findings.Add("preheader_missing", Severity.Info, "content.html", "has no preheader: inboxes show its first words behind the subject");
    }

    private static bool HasPreheader(LookMail mail, string html)
    {
        var hidden = false;
        foreach (var piece in mail.Pieces)
        {
            if (piece.Kind == HtmlTokenKind.StartTag)
                hidden |= IsHidden(mail, piece);
            else if (piece.Kind == HtmlTokenKind.Text && !html.AsSpan(piece.Start, piece.End - piece.Start).IsWhiteSpace())
                return hidden;
        }

        return false;
    }

    private static bool IsHidden(LookMail mail, HtmlToken tag)
    {
        if (mail.Attribute(tag, "hidden") is not null)
            return true;
        var style = mail.Attribute(tag, "style")?.Replace(" ", "", StringComparison.Ordinal) ?? "";
        return style.Contains("display:none", StringComparison.OrdinalIgnoreCase) || style.Contains("max-height:0", StringComparison.OrdinalIgnoreCase)
            || style.Contains("mso-hide:all", StringComparison.OrdinalIgnoreCase) || style.Contains("font-size:0", StringComparison.OrdinalIgnoreCase);
    }
}
