using System.Text.RegularExpressions;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look.Rules;

/// <summary>Merge fields that are left in the output: braces that nothing filled in, and the spelling of other tools.</summary>
internal sealed partial class PlaceholderRule : Rule
{
    private const int MaxShown = 60;

    public override void Look(LookMail mail, Findings findings)
    {
        Check(mail.Subject, "content.subject", findings);
        Check(mail.Header("From") ?? "", "content.from.name", findings);
        if (mail.Html is { } html)
        {
            foreach (var piece in mail.Pieces)
                CheckPiece(mail, html, piece, findings);
        }

        if (!mail.Content.Compiled.TextIsDerived)
            Check(mail.Text, "content.text", findings);
    }

    /// <summary>Style sheets and comments have braces and brackets of their own.</summary>
    private static void CheckPiece(LookMail mail, string html, HtmlToken piece, Findings findings)
    {
        if (piece.Kind == HtmlTokenKind.Text)
            Check(html.AsSpan(piece.Start, piece.End - piece.Start), "content.html", findings);
        foreach (var name in (ReadOnlySpan<string>)["href", "src", "alt", "title"])
        {
            if (mail.Attribute(piece, name) is { } value)
                Check(value, "content.html", findings);
        }
    }

    private static void Check(ReadOnlySpan<char> text, string field, Findings findings)
    {
        foreach (var match in Placeholders().EnumerateMatches(text))
        {
            var shown = text.Slice(match.Index, Math.Min(match.Length, MaxShown)).ToString();
            findings.Add("placeholder_left", Severity.Warning, field, $"'{shown}' is left in the output: nothing filled it in", shown);
        }
    }

    [GeneratedRegex(@"\{\{[^{}\r\n]{0,80}\}\}|\{\{|\}\}|%%[A-Za-z_][\w .:-]{0,40}%%|\*\|[A-Za-z_][\w:. -]{0,40}\|\*|\$\{[A-Za-z_][\w.]{0,40}\}|\[(?:(?:FIRST|LAST|FULL|USER|CUSTOMER|RECIPIENT|COMPANY|YOUR|INSERT)[ _-]?)?(?:NAME|FNAME|LNAME|EMAIL|DATE|LINK|URL|CITY|COMPANY|TITLE|UNSUBSCRIBE)\]")]
    private static partial Regex Placeholders();
}
