using System.Globalization;
using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Xunit.Abstractions;

namespace Delivery.Mta.Tests.Outcomes;

/// <summary>The rules against replies that servers in the world give.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private readonly BounceClassifier _classifier = new(BounceRuleFile.BuiltIn());

    [Fact]
    public void Replies_that_the_rules_were_written_from_are_all_understood()
    {
        var replies = CorpusReply.Read("rules.tsv");
        Assert.True(replies.Count >= 300);
        Assert.Empty(replies.Select(reply => reply.Fault(_classifier.Classify(reply.Reply, null))).OfType<string>());
    }

    [Fact]
    public void Of_replies_that_no_rule_was_written_from_few_are_unknown()
    {
        var replies = CorpusReply.Read("held-out.tsv");
        var verdicts = replies.Select(reply => (Reply: reply, Verdict: _classifier.Classify(reply.Reply, null))).ToList();
        var unknown = verdicts.Where(one => one.Verdict.Class == BounceClass.Undetermined).ToList();
        var faults = verdicts.Select(one => one.Reply.Fault(one.Verdict)).OfType<string>().ToList();
        var classes = verdicts.Count(one => BounceClassNames.Of(one.Verdict.Class) == one.Reply.Class);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{replies.Count} replies: unknown {unknown.Count} ({Share(unknown.Count)}), class right {Share(classes)}, class, scope and suppression right {Share(replies.Count - faults.Count)}"));
        foreach (var fault in faults)
            output.WriteLine(fault);
        Assert.True(replies.Count >= 80);
        Assert.True(unknown.Count < 0.03 * replies.Count, string.Join('\n', unknown.Select(one => one.Reply.Line)));

        string Share(int count) => (count / (double)replies.Count).ToString("P1", CultureInfo.InvariantCulture);
    }
}
