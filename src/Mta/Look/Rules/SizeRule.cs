namespace Delivery.Mta.Look.Rules;

/// <summary>HTML that Gmail cuts, and messages that relays refuse.</summary>
internal sealed class SizeRule : Rule
{
    /// <summary>Gmail shows 102 KB of HTML and a link to the rest; the pixel stands at its end.</summary>
    public const int ClippedBytes = 102 * 1024;

    public const int LargeBytes = 10 << 20;

    public override void Look(LookMail mail, Findings findings)
    {
        if (mail.HtmlBytes > ClippedBytes)
        {
            findings.Add(
                "html_clipped", Severity.Warning, "content.html",
                $"has {mail.HtmlBytes} bytes with tracked links: Gmail cuts what is beyond {ClippedBytes}, and opens of those readers are not counted");
        }

        if (mail.SizeBytes > LargeBytes)
            findings.Add("message_large", Severity.Warning, "content", $"makes a message of {mail.SizeBytes} bytes: many servers refuse more than {LargeBytes}");
    }
}
