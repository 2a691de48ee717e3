using Delivery.Mta.Dkim;

namespace Delivery.Mta.Look.Rules;

/// <summary>A From domain whose mail is not signed. DNS is not asked: what counts is whether it, or a domain above it, has a key to sign with.</summary>
internal sealed class SenderRule(DkimKeys keys) : Rule
{
    public const string Code = "from_domain_without_key";

    public override void Look(LookMail mail, Findings findings)
    {
        var from = mail.Content.Compiled.FromAddress;
        var domain = from[(from.LastIndexOf('@') + 1)..];
        if (keys.Current.Find(domain).Length == 0)
            findings.Add(Code, Severity.Warning, "content.from", $"mail from {domain} is not signed: no DKIM key");
    }
}
