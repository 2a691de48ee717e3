using Delivery.Mta.Dkim;

namespace Delivery.Mta.Look.Rules;

/// <summary>All rules there are, made anew for each look.</summary>
internal sealed class RuleBook
{
    private readonly Rule[] _rules;

    public RuleBook(DkimKeys keys) =>
        _rules =
        [
            new MissingFieldRule(), new SubjectRule(), new NoDataWordRule(), new PlaceholderRule(), new LinkRule(), new ImageRule(), new SizeRule(),
            new TextRule(), new PreheaderRule(), new UnsubscribeRule(), new SenderRule(keys), new DuplicateRule(), new SmtpUtf8Rule(),
        ];

    public void Look(LookMail mail, Findings findings)
    {
        foreach (var rule in _rules)
            rule.Look(mail, findings);
    }
}
