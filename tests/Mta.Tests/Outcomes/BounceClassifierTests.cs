using System.Diagnostics;
using System.Text.RegularExpressions;
using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;
using Delivery.Testing;
using Microsoft.Extensions.Options;
using Xunit.Abstractions;

namespace Delivery.Mta.Tests.Outcomes;

public sealed class BounceClassifierTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("550 5.1.1 qzx", BounceClass.InvalidRecipient)]
    [InlineData("552 5.2.2 qzx", BounceClass.MailboxFull)]
    [InlineData("452 4.2.2 qzx", BounceClass.MailboxFull)]
    [InlineData("552 5.3.4 qzx", BounceClass.TooLarge)]
    [InlineData("554 5.7.1 qzx", BounceClass.PolicyBlock)]
    [InlineData("550 5.7.1 Relaying denied", BounceClass.RelayingDenied)]
    [InlineData("550 qzx (#5.1.1)", BounceClass.InvalidRecipient)]
    [InlineData("450 4.4.0 qzx", BounceClass.RoutingError)]
    [InlineData("550 5.5.0 qzx", BounceClass.ProtocolError)]
    [InlineData("550 5.7.17 qzx", BounceClass.InvalidRecipient)]
    [InlineData("451 qzx", BounceClass.TransientFailure)]
    [InlineData("551 qzx", BounceClass.InvalidRecipient)]
    [InlineData("521 qzx", BounceClass.BadDomain)]
    [InlineData("554 qzx", BounceClass.Undetermined)]
    [InlineData("550 qzx", BounceClass.Undetermined)]
    [InlineData("553 5.0.0 qzx", BounceClass.Undetermined)]
    [InlineData("450 qzx", BounceClass.TransientFailure)]
    [InlineData("421 qzx", BounceClass.TransientFailure)]
    [InlineData("452 qzx", BounceClass.TransientFailure)]
    [InlineData("552 qzx", BounceClass.MailboxFull)]
    [InlineData("550 5.2.1 qzx", BounceClass.InactiveMailbox)]
    [InlineData("450 4.2.1 qzx", BounceClass.InactiveMailbox)]
    [InlineData("550 5.1.2 qzx", BounceClass.BadDomain)]
    [InlineData("550 5.1.8 qzx", BounceClass.InvalidSender)]
    [InlineData("550 5.4.1 qzx", BounceClass.Timeout)]
    [InlineData("550 5.4.4 qzx", BounceClass.DnsFailure)]
    [InlineData("550 5.4.6 qzx", BounceClass.RoutingError)]
    [InlineData("554 5.6.0 qzx", BounceClass.ProtocolError)]
    [InlineData("550 5.7.26 qzx", BounceClass.AuthFailure)]
    [InlineData("550 5.3.2 qzx", BounceClass.TransientFailure)]
    public void Where_words_say_nothing_the_status_does(string line, BounceClass expected) => Assert.Equal(expected, Classify(BuiltIn(), line).Class);

    [Fact]
    public void No_reply_is_a_timeout() => Assert.Equal(BounceClass.Timeout, BuiltIn().Classify(SmtpReply.None("connection lost"), null).Class);

    [Fact]
    public void Texts_that_differ_in_addresses_and_ids_alone_cost_one_look_at_the_rules()
    {
        var classifier = BuiltIn();
        for (var i = 0; i < 200; i++)
            Assert.Equal(BounceClass.InvalidRecipient, Classify(classifier, $"550 5.1.1 <user{i}@example{i}.com>: User unknown 192.0.2.{i} {i}a{i * 7919:x8}c{i}d-gsmtp{1000000 + i}x").Class);
        Assert.True(classifier.Misses < 10, $"{classifier.Misses} misses");
    }

    [Fact]
    public void Memory_for_texts_is_bounded_and_verdicts_stay_right()
    {
        var classifier = BuiltIn();
        for (var i = 0; i < 20_000; i++)
        {
            var word = string.Concat($"{i:00000}".Select(c => (char)('a' + c - '0')));
            Assert.Equal(BounceClass.MailboxFull, Classify(classifier, $"452 mailbox full {word}").Class);
        }

        Assert.InRange(classifier.Kept, 1, 2 * 2_048 + 64);
    }

    [Fact]
    public void An_operator_s_rules_come_first()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("rules.json");
        File.WriteAllText(file, """
            {
              // ours
              "rules": [ { "name": "mine", "class": "policy_block", "scope": "site", "status": ["5.1.*"], "pattern": ["user \\w+ unknown|no such user"], }, ],
            }
            """);
        var classifier = new BounceClassifier(Options.Create(new MtaOptions { BounceRulesFile = file }));
        Assert.Equal("mine", Classify(classifier, "550 5.1.1 No Such User").Rule);
        Assert.NotEqual("mine", Classify(classifier, "550 No Such User").Rule);
        Assert.Equal(BounceClass.MailboxFull, Classify(classifier, "552 5.2.2 Mailbox full").Class);
    }

    [Theory]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block", "txt": ["x"]}]}""", "rules[0].txt: is not known")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam", "text": ["x"]}]}""", "'spam' is no bounce class")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block"}]}""", "has no condition")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block", "status": ["5.1"]}]}""", "'5.1' must be like")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block", "code": ["250"]}]}""", "'250' must be like")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block", "pattern": ["(a"]}]}""", "pattern: ")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block", "pattern": ["(a)\\1"]}]}""", "pattern: ")]
    [InlineData("""{"rules": [{"name": "a", "class": "invalid_recipient", "suppress": true, "text": ["x"]}]}""", "needs \"scope\": \"recipient\"")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block", "text": ["x"], "treat_as": "delivered"}]}""", "must be deferred or bounced")]
    [InlineData("""{"rules": [{"name": "a", "class": "spam_block", "peer": ["mx*.example"]}]}""", "'mx*.example' must be")]
    [InlineData("""{"define": {"who": "(user|box)"}, "rules": [{"name": "a", "class": "spam_block", "pattern": ["{whom} x"]}]}""", "{whom} is not in define")]
    [InlineData("""{"define": {"Who": "user"}, "rules": []}""", "define.Who: a name is")]
    [InlineData("""{"define": {"who": 5}, "rules": []}""", "define.who: must be a text")]
    [InlineData("""{"define": [], "rules": []}""", "define must be an object")]
    [InlineData("""{"defines": {}, "rules": []}""", "the list 'rules'")]
    [InlineData("""{"rules": 5}""", "the list 'rules'")]
    [InlineData("""{"rules": [""", "not valid JSON")]
    public void What_is_no_rule_is_refused_with_its_place(string json, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => BounceRuleFile.Parse(json, "mine.json"));
        Assert.StartsWith("mine.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patterns_share_words_that_are_defined_once()
    {
        var classifier = new BounceClassifier(BounceRuleFile.Parse("""
            {
              "define": { "box": "(mail ?box|inbox)", "full": "{box} (is )?full" },
              "rules": [ { "name": "mine", "class": "mailbox_full", "pattern": ["^{full}.{0,3}$"] } ]
            }
            """, "mine.json"));
        Assert.Equal("mine", Classify(classifier, "552 Mail box is full!").Rule);
        Assert.Null(Classify(classifier, "552 The mail box is full!").Rule);
    }

    /// <summary>Words of the rules over and over, up to the length that is looked at: what a hostile peer would send to keep the classifier busy.</summary>
    [Fact]
    public void The_longest_and_worst_of_texts_takes_no_time_worth_mention()
    {
        var classifier = BuiltIn();
        var random = new Random(11);
        string[] words = ["user", "unknown", "not", "found", "no", "such", "mailbox", "is", "been", "a", "aaaaaaaa", "<", ":", "..", "ip", "from", "again", "temporary", "exceed", "size", "relay", "permission", "to", "for", "destinataire", "no existe", "ящик", "sender", "your", "spam", "blocked", "verify", "may", "not be", "message", "host", "must", "1", "-", "header"];
        var worst = TimeSpan.Zero;
        for (var i = 0; i < 400; i++)
        {
            var pool = Enumerable.Range(0, 1 + i % 4).Select(_ => words[random.Next(words.Length)]).ToArray();
            var text = string.Join(i % 5 == 0 ? "" : " ", Enumerable.Range(0, 250).Select(_ => pool[random.Next(pool.Length)]));
            var watch = Stopwatch.StartNew();
            classifier.Classify(new SmtpReply(550, default, text), null);
            worst = watch.Elapsed > worst ? watch.Elapsed : worst;
        }

        output.WriteLine($"worst {worst.TotalMilliseconds:0.0} ms");
        Assert.InRange(classifier.Misses, 200, 400);
        // A machine that stands still for a while may end a match as well; a pattern of exponential time would end most.
        Assert.InRange(classifier.GivenUp, 0, 40);
    }

    [Fact]
    public void A_pattern_that_a_text_keeps_busy_is_ended_and_the_reply_undetermined()
    {
        var classifier = new BounceClassifier(BounceRuleFile.Parse("""
            { "rules": [ { "name": "slow", "class": "spam_block", "pattern": ["^(a+)+$"] }, { "name": "next", "class": "spam_block", "text": ["aaa"] } ] }
            """, "mine.json", RegexOptions.None));
        var verdict = Classify(classifier, $"550 {new string('a', 200)}!");
        Assert.Equal(BounceClass.Undetermined, verdict.Class);
        Assert.NotNull(verdict.Unknown);
        Assert.Equal(1, classifier.GivenUp);
    }

    [Fact]
    public void Names_of_the_rules_that_come_with_the_program_differ_and_only_the_recipient_s_suppress()
    {
        var rules = BounceRuleFile.BuiltIn();
        Assert.Equal(rules.Count, rules.Select(rule => rule.Verdict.Rule).Distinct().Count());
        Assert.All(rules, rule => Assert.Equal(ReplyTreatment.AsReplied, rule.Verdict.Treatment));
    }

    private static BounceVerdict Classify(BounceClassifier classifier, string line)
    {
        Assert.True(ReplyStatus.TryParseReply(line, out var reply));
        return classifier.Classify(reply, "mx.example.com:25");
    }

    private static BounceClassifier BuiltIn() => new(BounceRuleFile.BuiltIn());
}
