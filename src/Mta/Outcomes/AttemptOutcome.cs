using Delivery.Contracts.Events;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Outcomes;

/// <summary>What became of a claimed recipient: its new state in the spool and the event that tells of it.</summary>
internal sealed class AttemptOutcome
{
    public required SpooledRecipient Recipient { get; init; }

    public required RecipientState State { get; init; }

    public required ushort Attempts { get; init; }

    public required ushort Losses { get; init; }

    public required bool Uncertain { get; init; }

    /// <summary>When it is tried again, Unix milliseconds; null once it has an outcome.</summary>
    public long? DueMs { get; init; }

    /// <summary>The account is to write to this address no more, and why: goes to disk with the outcome.</summary>
    public SuppressionReason? Suppress { get; init; }

    /// <summary>A reply that no rule knows: counted in the spool with the outcome.</summary>
    public UnknownReply? Unknown { get; init; }

    /// <summary>The reply or reason in words, for whoever looks into the spool.</summary>
    public string? Detail { get; init; }

    /// <summary>From the message's first command to its last reply; zero where no peer had it, or nobody asked.</summary>
    public TimeSpan Took { get; set; }

    /// <summary>Null where nothing happened that is worth telling: a message that came back untouched.</summary>
    public DeliveryEvent? Event { get; init; }

    /// <summary>The end of a recipient that no attempt brought: what it has of attempts stays as it is.</summary>
    /// <param name="detail">For whoever looks into the spool.</param>
    /// <param name="reason">A word for machines, in the event.</param>
    /// <param name="reply">What is to be read in the event.</param>
    public static AttemptOutcome Ended(
        SpooledRecipient recipient, RecipientState state, EventKind kind, long timeMs, string detail, string? reason, string? reply, BounceClass bounceClass = BounceClass.None) =>
        new()
        {
            Recipient = recipient,
            State = state,
            Attempts = recipient.Attempts,
            Losses = recipient.Losses,
            Uncertain = recipient.Uncertain,
            Detail = detail,
            Event = new DeliveryEvent
            {
                Kind = kind,
                TimeMs = timeMs,
                Account = recipient.Account,
                Job = recipient.Job,
                Recipient = recipient.Ordinal,
                Attempt = recipient.Attempts,
                BounceClass = bounceClass,
                Reason = reason,
                Reply = reply,
                Uncertain = recipient.Uncertain,
            },
        };
}
