using System.Text;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look.Rules;

/// <summary>A mail whose body has no way to unsubscribe. The List-Unsubscribe header is there without the sender's doing.</summary>
internal sealed class UnsubscribeRule : Rule
{
    public override void Look(LookMail mail, Findings findings)
    {
        var url = Encoding.ASCII.GetString(mail.Content.Compiled.Urls.Unsubscribe) + Encoding.ASCII.GetString(RenderTrace.NoToken);
        var body = mail.Html ?? mail.Text;
        if (!body.Contains(url, StringComparison.Ordinal))
        {
            findings.Add(
                "unsubscribe_missing", Severity.Warning, mail.Html is null ? "content.text" : "content.html",
                "has no unsubscribe link: put {{unsubscribe_url}} where readers find it");
        }
    }
}
