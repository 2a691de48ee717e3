using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Queue;

/// <summary>
/// Ends deferred recipients as bounced, with their events. Whoever takes a recipient's row out of <c>retry</c> has it: in one commit here, or as a claim.
/// So one that was claimed meanwhile is left alone, and each gets one outcome.
/// </summary>
internal sealed class BounceDeferred(uint account, IReadOnlyList<QueueRow> rows, string reason, int shards, long nowMs) : SpoolWrite
{
    private readonly List<AttemptOutcome> _outcomes = [];

    /// <summary>What was written.</summary>
    public IReadOnlyList<AttemptOutcome> Outcomes => _outcomes;

    public override void Apply(SpoolSession session)
    {
        _outcomes.Clear();
        foreach (var row in rows)
        {
            // One that was given back by a pause was never tried: it goes with its job.
            if (RetryRow.Find(session, account, row, nowMs) is not { } recipient || recipient is { State: RecipientState.Pending, Attempts: 0, Losses: 0 })
                continue;
            RetryRow.Remove(session, row);
            _outcomes.Add(Outcome(recipient));
        }

        if (_outcomes.Count > 0)
            new RecordOutcomes(_outcomes, new OutcomePacker(shards).Pack(_outcomes), nowMs).Apply(session);
    }

    private AttemptOutcome Outcome(SpooledRecipient recipient) =>
        AttemptOutcome.Ended(
            recipient, RecipientState.Bounced, EventKind.Bounced, nowMs, $"ended by an operator: {reason}", "admin", reason, BounceClass.AdminFailure);
}
