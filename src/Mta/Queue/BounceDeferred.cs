using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
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
            if (Current(session, row) is not { } recipient)
                continue;
            session.Run("DELETE FROM retry WHERE due_ms = $1 AND job = $2 AND ordinal = $3", row.DueMs, (long)row.Job, (long)row.Ordinal);
            _outcomes.Add(Outcome(recipient));
        }

        if (_outcomes.Count > 0)
            new RecordOutcomes(_outcomes, Pack(), nowMs).Apply(session);
    }

    /// <summary>As it is in this commit; null where it is not deferred to that time any more.</summary>
    private SpooledRecipient? Current(SpoolSession session, in QueueRow row)
    {
        using var found = session.Read(
            """
            SELECT r.state, r.attempts, r.losses, r.uncertain, r.email, r.key FROM retry t JOIN recipient r ON r.job = t.job AND r.ordinal = t.ordinal
            WHERE t.due_ms = $1 AND t.job = $2 AND t.ordinal = $3
            """,
            row.DueMs, (long)row.Job, (long)row.Ordinal);
        return found.Read()
            ? new SpooledRecipient
            {
                Account = account,
                Job = row.Job,
                Ordinal = row.Ordinal,
                State = (RecipientState)found.GetByte(0),
                Attempts = (ushort)found.GetInt32(1),
                Losses = (ushort)found.GetInt32(2),
                Uncertain = found.GetInt32(3) != 0,
                Email = found.GetString(4),
                Key = RecipientKey.Read(found.GetFieldValue<byte[]>(5)),
            }
            : null;
    }

    private AttemptOutcome Outcome(SpooledRecipient recipient) =>
        new()
        {
            Recipient = recipient,
            State = RecipientState.Bounced,
            Attempts = recipient.Attempts,
            Losses = recipient.Losses,
            Uncertain = recipient.Uncertain,
            Detail = $"ended by an operator: {reason}",
            Event = new DeliveryEvent
            {
                Kind = EventKind.Bounced,
                TimeMs = nowMs,
                Account = account,
                Job = recipient.Job,
                Recipient = recipient.Ordinal,
                Attempt = recipient.Attempts,
                BounceClass = BounceClass.AdminFailure,
                Reason = "admin",
                Reply = reason,
                Uncertain = recipient.Uncertain,
            },
        };

    private List<OutboxEntry> Pack()
    {
        var packed = new List<OutboxEntry>(1);
        foreach (var shard in _outcomes.GroupBy(one => StreamNames.ShardOf(one.Recipient.Job, shards)))
        {
            var entry = new EntryWriter();
            foreach (var outcome in shard)
                entry.Add(outcome.Event!.Value);
            packed.Add(new OutboxEntry(shard.Key, entry.Count, entry.Written.ToArray()));
        }

        return packed;
    }
}
