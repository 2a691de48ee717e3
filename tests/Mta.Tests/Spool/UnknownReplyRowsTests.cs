using Delivery.Contracts;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Delivery.Testing;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Spool;

public sealed class UnknownReplyRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Replies_are_counted_with_their_outcomes_and_listed_by_count()
    {
        using var database = new SpoolDatabase(Options.Create(new MtaOptions { Spool = _folder.File("spool") }), TimeProvider.System);
        await using var writer = new SpoolWriter(database, new BusyTimes());
        using var reader = new SpoolReader(database);
        var rare = new UnknownReply(550, "5.9.9", "rare");
        var often = new UnknownReply(451, "", "often");

        await writer.CommitAsync(new RecordOutcomes([Outcome(rare), Outcome(often), Outcome(often), Outcome(null)], [], nowMs: 1_000));
        await writer.CommitAsync(new RecordOutcomes([Outcome(often)], [], nowMs: 2_000));

        Assert.Equal([new CountedReply(451, "", "often", 3, 1_000, 2_000), new CountedReply(550, "5.9.9", "rare", 1, 1_000, 1_000)], reader.UnknownReplies(10));
        Assert.Single(reader.UnknownReplies(1));
    }

    [Fact]
    public async Task Of_too_many_texts_those_go_that_were_not_seen_for_longest()
    {
        using var database = new SpoolDatabase(Options.Create(new MtaOptions { Spool = _folder.File("spool") }), TimeProvider.System);
        await using var writer = new SpoolWriter(database, new BusyTimes());
        using var reader = new SpoolReader(database);
        const int Texts = UnknownReplyRows.Most + 3 * UnknownReplyRows.Slack;
        for (var first = 0; first < Texts; first += 500)
        {
            var batch = Enumerable.Range(first, Math.Min(500, Texts - first)).Select(i => Outcome(new UnknownReply(550, "", $"text {i}"))).ToList();
            await writer.CommitAsync(new RecordOutcomes(batch, [], nowMs: 1_000 + first));
        }

        var kept = reader.UnknownReplies(int.MaxValue).Select(reply => reply.Text).ToHashSet();
        Assert.InRange(kept.Count, UnknownReplyRows.Most, UnknownReplyRows.Most + UnknownReplyRows.Slack);
        Assert.Contains($"text {Texts - 1}", kept);
        Assert.DoesNotContain("text 0", kept);
    }

    public void Dispose() => _folder.Dispose();

    private static AttemptOutcome Outcome(UnknownReply? unknown) => new()
    {
        Recipient = new SpooledRecipient { Account = 1, Job = 1, Ordinal = 0, Email = "a@example.com", Key = new RecipientKey(1, 1) },
        State = RecipientState.Bounced,
        Attempts = 1,
        Losses = 0,
        Uncertain = false,
        Unknown = unknown,
    };
}
