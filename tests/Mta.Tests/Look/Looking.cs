using System.Text.Json;
using Delivery.Mta.Look;
using Delivery.Mta.Look.Rules;
using Delivery.Mta.Messages;
using Delivery.Mta.Tests.Messages;

namespace Delivery.Mta.Tests.Look;

/// <summary>Composes mail as a look does, and has rules look at it.</summary>
internal static class Looking
{
    public static LookContent Content(MessageContent content) => new(content, Composing.Compile(content));

    public static LookMail Mail(MessageContent content, string data = "{}", bool hasData = true)
    {
        var mail = new LookComposer(Composing.Tokens).Compose(Content(content), Composing.Input(data), hasData, out var fault);
        Assert.True(mail is not null, fault?.ToString());
        return mail;
    }

    public static List<Finding> Find(Rule rule, MessageContent content, string data = "{}", bool hasData = true)
    {
        var findings = new Findings(stored: false);
        rule.Look(Mail(content, data, hasData), findings);
        return findings.ToList();
    }

    public static string[] Codes(Rule rule, MessageContent content, string data = "{}", bool hasData = true) =>
        [.. Find(rule, content, data, hasData).Select(finding => finding.Code)];

    public static MessageContent Html(string html, string subject = "Hi") => Composing.Content(html, subject: subject);
}
