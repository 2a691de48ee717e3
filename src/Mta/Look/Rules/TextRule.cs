namespace Delivery.Mta.Look.Rules;

/// <summary>What readers of plain text get.</summary>
internal sealed class TextRule : Rule
{
    public override void Look(LookMail mail, Findings findings)
    {
        if (mail.Content.Compiled.TextIsDerived)
            findings.Add("text_derived", Severity.Info, "content.text", "is made from the HTML");
        if (string.IsNullOrWhiteSpace(mail.Text) && mail.HasData)
            findings.Add("text_empty", Severity.Warning, "content.text", "has no words: a mail of images alone says nothing to those who do not load them");
    }
}
