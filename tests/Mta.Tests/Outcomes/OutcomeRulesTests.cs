using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Lanes;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;
using Delivery.Testing;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Outcomes;

public sealed class OutcomeRulesTests
{
    private const long Start = 1_790_000_000_000;
    private static readonly RetryTerms Bulk = new(Start);
    private readonly TestTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Start));
    private readonly OutcomeRules _rules;

    public OutcomeRulesTests() => _rules = Rules(new MtaOptions(), BounceRuleFile.BuiltIn());

    [Fact]
    public void A_reply_that_says_there_is_no_such_address_suppresses_it()
    {
        var outcome = Decide("550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in local recipient table");
        Assert.Equal(RecipientState.Bounced, outcome.State);
        Assert.Equal(SuppressionReason.HardBounce, outcome.Suppress);
        Assert.Equal(BounceClass.InvalidRecipient, outcome.Event!.Value.BounceClass);
    }

    [Theory]
    [InlineData("550 5.1.1 <a@example.com> blocked using Spamhaus", BounceClass.SpamBlock)]
    [InlineData("550 5.1.1 User unknown (your IP is blacklisted)", BounceClass.SpamBlock)]
    [InlineData("550 5.1.1 Mailbox unavailable. Your IP address 192.0.2.1 is blacklisted using SPAMHAUS-XBL", BounceClass.SpamBlock)]
    [InlineData("550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy", BounceClass.AuthFailure)]
    [InlineData("550 5.2.1 The email account that you tried to reach is disabled", BounceClass.InactiveMailbox)]
    [InlineData("552 5.2.2 Mailbox full", BounceClass.MailboxFull)]
    [InlineData("554 5.7.1 Message looks like spam", BounceClass.SpamContent)]
    [InlineData("550 5.7.1 too many messages from your host, rate limited", BounceClass.RateLimited)]
    [InlineData("550 sender address rejected: user unknown", BounceClass.InvalidSender)]
    public void What_is_held_against_us_bounces_and_never_suppresses(string line, BounceClass expected)
    {
        var outcome = Decide(line);
        Assert.Equal(RecipientState.Bounced, outcome.State);
        Assert.Null(outcome.Suppress);
        Assert.Equal(expected, outcome.Event!.Value.BounceClass);
    }

    [Theory]
    [InlineData("451 4.7.1 Greylisted, try again in \u0665 minutes")]
    [InlineData("451 4.7.1 Greylisted, try again in \uFF15\uFF10 minutes")]
    [InlineData("451 4.7.1 Greylisted, try again in \u0660\u0661:\u0660\u0660:\u0660\u0660")]
    [InlineData("451 4.7.1 Greylisted, try again in 99999 hours")]
    public void Whatever_a_peer_says_of_time_a_deferral_is_a_deferral(string line) => Assert.Equal(RecipientState.Deferred, Decide(line).State);

    [Fact]
    public void Mail_of_a_job_that_was_held_back_longer_than_it_may_be_tried_is_tried_again_once()
    {
        _time.Advance(TimeSpan.FromDays(4));
        var first = Decide("450 4.2.0 greylisted");
        Assert.Equal(RecipientState.Deferred, first.State);
        Assert.Equal(RecipientState.Deferred, Decide("421 4.3.2 shutting down").State);
        Assert.Equal(RecipientState.Expired, Decide("450 4.2.0 greylisted", Recipient(attempts: 1)).State);
    }

    [Fact]
    public void A_transient_reply_never_suppresses()
    {
        var outcome = Decide("450 4.1.1 <a@example.com>: Recipient address rejected: User unknown");
        Assert.Equal((RecipientState.Deferred, null, BounceClass.InvalidRecipient), (outcome.State, outcome.Suppress, outcome.Event!.Value.BounceClass));
    }

    [Fact]
    public void A_refusal_made_here_neither_suppresses_nor_counts_as_an_unknown_reply()
    {
        Assert.Null(Decide("550 5.1.1 No such user", peer: null).Suppress);
        Assert.Null(Decide("554 qzx wvk", peer: null).Unknown);
        Assert.NotNull(Decide("554 qzx wvk").Unknown);
    }

    [Theory]
    [InlineData("450 4.2.2 Mailbox full", 1, 20)]
    [InlineData("450 4.2.2 Mailbox full", 3, 80)]
    [InlineData("421 4.7.0 Too many connections from your host", 3, 20)]
    [InlineData("451 4.7.650 The mail server has been temporarily rate limited due to IP reputation", 3, 20)]
    public void What_is_not_the_recipient_s_fault_costs_it_no_attempt(string line, int attempt, double minutes)
    {
        var outcome = Decide(line, recipient: Recipient(attempts: attempt - 1));
        var costs = line.Contains("Mailbox", StringComparison.Ordinal);
        Assert.Equal(RecipientState.Deferred, outcome.State);
        Assert.Equal(costs ? attempt : attempt - 1, outcome.Attempts);
        Assert.InRange(TimeSpan.FromMilliseconds(outcome.DueMs!.Value - Start).TotalMinutes, minutes * 0.9, minutes * 1.1);
    }

    [Fact]
    public void A_throttled_recipient_is_tried_until_its_time_is_over()
    {
        var recipient = Recipient();
        var tries = 0;
        AttemptOutcome outcome;
        while ((outcome = Decide("451 4.7.1 rate limited, slow down", recipient: recipient)).State == RecipientState.Deferred)
        {
            _time.Advance(TimeSpan.FromMilliseconds(outcome.DueMs!.Value - _time.GetUtcNow().ToUnixTimeMilliseconds()));
            Assert.True(++tries < 300);
        }

        Assert.Equal(RecipientState.Expired, outcome.State);
        Assert.InRange(_time.GetUtcNow().ToUnixTimeMilliseconds() - Start, TimeSpan.FromHours(71).TotalMilliseconds, TimeSpan.FromHours(72).TotalMilliseconds);
        Assert.True(tries > 190);
    }

    [Fact]
    public void A_lost_connection_does_not_keep_a_recipient_beyond_its_time()
    {
        _time.Advance(TimeSpan.FromDays(3));
        var outcome = _rules.Decide(Recipient(), Bulk, new DeliveryAttempt(AttemptResult.ConnectionLost, FailureScope.Session, SmtpReply.None("timed out"), "mx.example.com:25", false, SmtpStage.Mail));
        Assert.Equal((RecipientState.Expired, BounceClass.Timeout), (outcome.State, outcome.Event!.Value.BounceClass));
    }

    [Fact]
    public void A_job_s_own_end_is_the_recipient_s()
    {
        var terms = new RetryTerms(Start, Transactional: true, ExpiresMs: Start + 300_000);
        Assert.Equal(RecipientState.Deferred, Decide("450 4.2.2 full", terms: terms).State);
        _time.Advance(TimeSpan.FromMinutes(4.5));
        Assert.Equal(RecipientState.Expired, Decide("450 4.2.2 full", terms: terms).State);
    }

    [Theory]
    [InlineData("451 4.7.1 Greylisted, please try again in 300 seconds", 300)]
    [InlineData("450 4.2.0 <a@example.com>: Recipient address rejected: Greylisted for 5 minutes", 300)]
    [InlineData("450 4.7.1 Greylisting in action, come back in 00:04:00", 240)]
    [InlineData("421 rate limited, retry after 1 hour", 3600)]
    public void A_pause_that_the_peer_asks_for_is_kept(string line, int seconds)
    {
        var outcome = Decide(line);
        Assert.InRange(outcome.DueMs!.Value - Start, seconds * 1000L, seconds * 1100L);
    }

    [Fact]
    public void An_operator_s_rule_may_try_a_permanent_refusal_again_and_give_up_on_a_transient_one()
    {
        var rules = Rules(new MtaOptions(), BounceRuleFile.Parse(
            """
            { "rules": [
              { "name": "later", "class": "rate_limited", "scope": "site", "code": ["5xx"], "text": ["hourly quota"], "treat_as": "deferred" },
              { "name": "never", "class": "spam_block", "text": ["will not succeed"], "treat_as": "bounced", "peer": ["*.example.com"] } ] }
            """, "test"));
        Assert.Equal(RecipientState.Deferred, rules.Decide(Recipient(), Bulk, Attempt("554 5.7.1 over your hourly quota", "mx.example.com:25")).State);
        Assert.Equal(RecipientState.Bounced, rules.Decide(Recipient(), Bulk, Attempt("421 retrying will not succeed", "mx.example.com:25")).State);
        Assert.Equal(RecipientState.Deferred, rules.Decide(Recipient(), Bulk, Attempt("421 retrying will not succeed", "mx.example.net:25")).State);
    }

    private AttemptOutcome Decide(string line, SpooledRecipient? recipient = null, RetryTerms? terms = null, string? peer = "mx.example.com:25") =>
        _rules.Decide(recipient ?? Recipient(), terms ?? Bulk, Attempt(line, peer));

    private OutcomeRules Rules(MtaOptions options, IReadOnlyList<BounceRule> rules) =>
        new(new RetrySchedule(Options.Create(options)), new BounceClassifier(rules), _time);

    private static DeliveryAttempt Attempt(string line, string? peer)
    {
        Assert.True(ReplyStatus.TryParseReply(line, out var reply));
        return new(reply.IsPermanent ? AttemptResult.Refused : AttemptResult.Deferred, FailureScope.Recipient, reply, peer, false, SmtpStage.Rcpt);
    }

    private static SpooledRecipient Recipient(int attempts = 0) =>
        new() { Account = 1, Job = 5, Ordinal = 0, Attempts = (ushort)attempts, Email = "a@example.com", Key = new RecipientKey(1, 1) };
}
