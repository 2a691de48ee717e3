using System.Text;
using Delivery.Mta.Messages;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Look.Rules;

/// <summary>Addresses with letters outside ASCII before the @: mail with one bounces at every relay that does not offer SMTPUTF8.</summary>
internal sealed class SmtpUtf8Rule : Rule
{
    public const string Code = "address_needs_smtputf8";

    public override void Look(LookMail mail, Findings findings)
    {
        var content = mail.Content.Compiled;
        if (MailAddress.NeedsSmtpUtf8(content.FromAddress))
            Tell(findings, Severity.Warning, "content.from");
        if (content.ReturnPath is { } returnPath && MailAddress.NeedsSmtpUtf8(returnPath))
            Tell(findings, Severity.Warning, "return_path");
        if (MailAddress.NeedsSmtpUtf8(mail.Email))
            Tell(findings, Severity.Info, "recipients");
        else if (!MailAddress.NeedsSmtpUtf8(content.FromAddress) && !Ascii.IsValid(SmtpWriter.Header(mail.Message.Span)))
            Tell(findings, Severity.Warning, "content.reply_to");
    }

    private static void Tell(Findings findings, Severity severity, string field) =>
        findings.Add(Code, severity, field, "has letters outside ASCII before the @: the mail goes to relays with SMTPUTF8 only and bounces at others (553 5.6.7)");
}
