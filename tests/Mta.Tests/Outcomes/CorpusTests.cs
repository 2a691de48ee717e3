using Delivery.Mta.Outcomes;
using Xunit.Abstractions;

namespace Delivery.Mta.Tests.Outcomes;

/// <summary>The rules against replies that servers in the world give.</summary>
public sealed class CorpusTests
{
    private readonly BounceClassifier _classifier = new(BounceRuleFile.BuiltIn());

    [Fact]
    public void Replies_that_the_rules_were_written_from_are_all_understood()
    {
        var replies = CorpusReply.Read("rules.tsv");
        Assert.True(replies.Count >= 300);
        Assert.Empty(replies.Select(reply => reply.Fault(_classifier.Classify(reply.Reply, null))).OfType<string>());
    }
}
