using System.Runtime.InteropServices;
using Delivery.Mta.Outcomes;

namespace Delivery.Mta.Spool;

/// <summary>Writes what became of recipients, and the events that tell of it, in one commit.</summary>
internal sealed class RecordOutcomes(IReadOnlyList<AttemptOutcome> outcomes, IReadOnlyList<OutboxEntry> events, long nowMs) : SpoolWrite
{
    private readonly Dictionary<ulong, JobDelta> _deltas = [];

    public override void Apply(SpoolSession session)
    {
        _deltas.Clear();
        foreach (var outcome in outcomes)
        {
            var recipient = outcome.Recipient;
            session.Run(
                "UPDATE recipient SET state = $3, attempts = $4, losses = $5, uncertain = $6, detail = iif($8, $7, coalesce($7, detail)) WHERE job = $1 AND ordinal = $2",
                (long)recipient.Job, (long)recipient.Ordinal, (int)outcome.State, (int)outcome.Attempts, (int)outcome.Losses,
                outcome.Uncertain ? 1 : 0, outcome.Detail, outcome.Event is null ? 0 : 1);
            if (recipient.RetryDueMs is { } claimed)
                session.Run("DELETE FROM retry WHERE job = $1 AND due_ms = $2 AND ordinal = $3", (long)recipient.Job, claimed, (long)recipient.Ordinal);
            if (outcome.DueMs is { } due)
                session.Run("INSERT INTO retry (job, due_ms, ordinal) VALUES ($1, $2, $3)", (long)recipient.Job, due, (long)recipient.Ordinal);
            if (outcome.Suppress is { } reason)
            {
                session.Run("INSERT INTO suppression_due (account, key, reason, time_ms) VALUES ($1, $2, $3, $4)",
                    (long)recipient.Account, recipient.Key.ToBytes(), (int)reason, nowMs);
            }

            if (outcome.Unknown is { } reply)
                session.UnknownReplies.Add(session, reply, nowMs);

            ref var delta = ref CollectionsMarshal.GetValueRefOrAddDefault(_deltas, recipient.Job, out _);
            delta.Move(recipient.State, outcome.State);
            if (outcome.Uncertain && !recipient.Uncertain)
                delta.Uncertain++;
        }

        foreach (var (job, delta) in _deltas)
        {
            session.Run(
                """
                UPDATE job SET deferred = deferred + $2, delivered = delivered + $3, bounced = bounced + $4,
                  expired = expired + $5, dropped = dropped + $6, uncertain = uncertain + $7,
                  finished_ms = CASE WHEN delivered + bounced + expired + dropped + $8 = accepted THEN $9 END WHERE id = $1
                """,
                (long)job, delta.Deferred, delta.Delivered, delta.Bounced, delta.Expired, delta.Dropped, delta.Uncertain, delta.Finished, nowMs);
            session.Opened(-delta.Finished);
        }

        foreach (var entry in events)
            session.Publish(entry);
    }

    private struct JobDelta
    {
        public int Deferred;
        public int Delivered;
        public int Bounced;
        public int Expired;
        public int Dropped;
        public int Uncertain;

        public readonly int Finished => Delivered + Bounced + Expired + Dropped;

        public void Move(RecipientState from, RecipientState to)
        {
            Add(from, -1);
            Add(to, 1);
        }

        private void Add(RecipientState state, int by)
        {
            switch (state)
            {
                case RecipientState.Deferred:
                    Deferred += by;
                    break;
                case RecipientState.Delivered:
                    Delivered += by;
                    break;
                case RecipientState.Bounced:
                    Bounced += by;
                    break;
                case RecipientState.Expired:
                    Expired += by;
                    break;
                case RecipientState.Dropped:
                    Dropped += by;
                    break;
                case RecipientState.Pending:
                default:
                    break;
            }
        }
    }
}
