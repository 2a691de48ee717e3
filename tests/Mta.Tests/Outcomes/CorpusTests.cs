using System.Globalization;
using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Testing;
using Xunit.Abstractions;

namespace Delivery.Mta.Tests.Outcomes;

/// <summary>The rules against replies that servers in the world give.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private readonly BounceClassifier _classifier = new(BounceRuleFile.BuiltIn());

    /// <summary>Parts that the rules were not written from; where there is none, the learnt one, which measures nothing.</summary>
    public static TheoryData<string> HeldOut()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests", "Mta.Tests", "Outcomes", "Corpus");
        return [.. Directory.EnumerateFiles(folder, "held-out*.tsv").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).DefaultIfEmpty("rules.tsv")];
    }

    [Theory]
    [InlineData("rules.tsv", 1_200)]
    [InlineData("vocabulary.tsv", 700)]
    public void Replies_that_the_rules_were_written_from_are_all_understood(string part, int least)
    {
        var replies = CorpusReply.Read(part);
        Assert.True(replies.Count >= least);
        Assert.Empty(replies.Select(reply => reply.Fault(_classifier.Classify(reply.Reply, null))).OfType<string>());
    }

    [Fact]
    public void What_is_not_said_of_the_address_or_not_for_sure_suppresses_nobody()
    {
        var replies = CorpusReply.Read("never-suppressed.tsv");
        Assert.True(replies.Count >= 300);
        Assert.Empty(replies.Where(reply => _classifier.Classify(reply.Reply, null).AddressIsUnknown && reply.Reply.IsPermanent).Select(reply => reply.Line));
    }

    [Theory]
    [MemberData(nameof(HeldOut))]
    public void Of_replies_that_no_rule_was_written_from_few_are_unknown_and_hardly_any_is_suppressed_in_error(string part)
    {
        var replies = CorpusReply.Read(part);
        var verdicts = replies.Select(reply => (Reply: reply, Verdict: _classifier.Classify(reply.Reply, null))).ToList();
        var unknown = verdicts.Where(one => one.Verdict.Class == BounceClass.Undetermined && one.Reply.Class != "undetermined").Select(one => one.Reply.Line).ToList();
        var suppressedInError = verdicts.Where(one => Suppresses(one) && !one.Reply.Suppresses).Select(one => one.Reply.Line).ToList();
        var notSuppressed = verdicts.Where(one => !Suppresses(one) && one.Reply.Suppresses).Select(one => one.Reply.Line).ToList();
        var classes = verdicts.Count(one => BounceClassNames.Of(one.Verdict.Class) == one.Reply.Class);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{part}: {replies.Count} replies: unknown {unknown.Count}, class right {Share(classes)}, suppressed in error {suppressedInError.Count}, not suppressed in error {notSuppressed.Count}"));
        Write("unknown", unknown);
        Write("suppressed in error", suppressedInError);
        Write("not suppressed in error", notSuppressed);
        Write("fault", verdicts.Select(one => one.Reply.Fault(one.Verdict)).OfType<string>());
        Assert.True(replies.Count >= 80);
        Assert.True(unknown.Count < 0.03 * replies.Count, string.Join('\n', unknown));
        Assert.True(suppressedInError.Count < 0.015 * replies.Count, string.Join('\n', suppressedInError));

        static bool Suppresses((CorpusReply Reply, BounceVerdict Verdict) one) => one.Verdict.AddressIsUnknown && one.Reply.Reply.IsPermanent;

        string Share(int count) => (count / (double)replies.Count).ToString("P1", CultureInfo.InvariantCulture);

        void Write(string what, IEnumerable<string> lines)
        {
            foreach (var line in lines)
                output.WriteLine($"{what}: {line}");
        }
    }
}
