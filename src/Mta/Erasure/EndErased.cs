using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Queue;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Erasure;

/// <summary>
/// Ends those who wait for another attempt as dropped, with their events. Whoever takes a recipient's row out of <c>retry</c> has it: in one commit here,
/// or as a claim. Those never claimed stay in their job's line and are dropped when it comes to them.
/// </summary>
internal sealed class EndErased(uint account, IReadOnlyList<SpooledPerson> people, int shards, long nowMs) : SpoolWrite
{
    public const string Reason = "erased";

    private readonly List<AttemptOutcome> _outcomes = [];

    /// <summary>What was written.</summary>
    public IReadOnlyList<AttemptOutcome> Outcomes => _outcomes;

    public override void Apply(SpoolSession session)
    {
        _outcomes.Clear();
        foreach (var person in people)
        {
            if (person.State > RecipientState.Deferred || DueMs(session, person) is not { } due)
                continue;
            var row = new QueueRow(QueueState.Deferred, person.Job, person.Ordinal, person.Email, 0, false, 0, due, null);
            if (RetryRow.Find(session, account, row, nowMs) is not { } recipient)
                continue;
            RetryRow.Remove(session, row);
            _outcomes.Add(AttemptOutcome.Ended(recipient, RecipientState.Dropped, EventKind.Dropped, nowMs, Reason, Reason, null));
        }

        if (_outcomes.Count > 0)
            new RecordOutcomes(_outcomes, new OutcomePacker(shards).Pack(_outcomes), nowMs).Apply(session);
    }

    private static long? DueMs(SpoolSession session, in SpooledPerson person)
    {
        using var row = session.Read("SELECT due_ms FROM retry WHERE job = $1 AND ordinal = $2 AND claimed = 0", (long)person.Job, (long)person.Ordinal);
        return row.Read() ? row.GetInt64(0) : null;
    }
}
