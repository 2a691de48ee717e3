namespace Delivery.Mta.Look.Rules;

/// <summary>An address that several of the recipients have.</summary>
internal sealed class DuplicateRule : Rule
{
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    public override void Look(LookMail mail, Findings findings)
    {
        if (mail.HasData && !_seen.Add(mail.Email))
            findings.Add("recipient_twice", Severity.Warning, "recipients", "have the same address more than once");
    }
}
