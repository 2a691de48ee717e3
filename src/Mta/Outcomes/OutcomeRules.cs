using Delivery.Contracts.Events;
using Delivery.Mta.Lanes;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Outcomes;

/// <summary>From what a connection reports to what is written: the one place that decides between deferring, bouncing and expiring. Thread-safe.</summary>
internal sealed class OutcomeRules(RetrySchedule schedule, TimeProvider time)
{
    /// <summary>Losses in a row after which a message is taken to be their cause, so that each further one costs an attempt.</summary>
    private const int HarmlessLosses = 10;

    public AttemptOutcome Decide(SpooledRecipient recipient, long acceptedMs, in DeliveryAttempt attempt)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        switch (attempt.Result)
        {
            case AttemptResult.Delivered:
                return Finished(recipient, now, RecipientState.Delivered, EventKind.Delivered, attempt);
            case AttemptResult.Refused:
                return Finished(recipient, now, RecipientState.Bounced, EventKind.Bounced, attempt);
            case AttemptResult.ConnectionLost when !attempt.Uncertain && recipient.Losses < HarmlessLosses:
                return Returned(recipient, now + (long)RetrySchedule.AfterLoss(recipient.Losses + 1).TotalMilliseconds, recipient.Losses + 1, attempt.Reply.Text);
            case AttemptResult.ConnectionLost:
                return TryAgain(recipient, acceptedMs, now, RetrySchedule.AfterLoss(recipient.Losses + 1), attempt);
            case AttemptResult.Deferred:
            default:
                return TryAgain(recipient, acceptedMs, now, schedule.AfterAttempt(recipient.Attempts + 1), attempt);
        }
    }

    /// <summary>A message that nobody touched, given back when stopping: tried again at the next start as if it had never been claimed.</summary>
    public AttemptOutcome Return(SpooledRecipient recipient) =>
        Returned(recipient, time.GetUtcNow().ToUnixTimeMilliseconds(), recipient.Losses, null);

    /// <summary>Could not be worked on for a reason that is not its own: tried again soon.</summary>
    public AttemptOutcome GiveBack(SpooledRecipient recipient, string detail) =>
        Returned(recipient, time.GetUtcNow().ToUnixTimeMilliseconds() + (long)RetrySchedule.AfterLoss(recipient.Losses + 1).TotalMilliseconds, recipient.Losses + 1, detail);

    /// <summary>Never handed to a peer: <paramref name="reason"/> is a word for machines, <paramref name="detail"/> for people.</summary>
    public AttemptOutcome Drop(SpooledRecipient recipient, string reason, string? detail) =>
        new()
        {
            Recipient = recipient,
            State = RecipientState.Dropped,
            Attempts = recipient.Attempts,
            Losses = recipient.Losses,
            Uncertain = recipient.Uncertain,
            Detail = detail is null ? reason : $"{reason}: {detail}",
            Event = new DeliveryEvent
            {
                Kind = EventKind.Dropped,
                TimeMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Account = recipient.Account,
                Job = recipient.Job,
                Recipient = recipient.Ordinal,
                Attempt = recipient.Attempts,
                Reason = reason,
                Reply = detail,
                Uncertain = recipient.Uncertain,
            },
        };

    private static AttemptOutcome Returned(SpooledRecipient recipient, long dueMs, int losses, string? detail) =>
        new()
        {
            Recipient = recipient,
            State = recipient.State,
            Attempts = recipient.Attempts,
            Losses = (ushort)Math.Min(losses, ushort.MaxValue),
            Uncertain = recipient.Uncertain,
            DueMs = dueMs,
            Detail = detail,
        };

    private AttemptOutcome TryAgain(SpooledRecipient recipient, long acceptedMs, long now, TimeSpan pause, in DeliveryAttempt attempt)
    {
        var due = now + (long)pause.TotalMilliseconds;
        var lost = attempt.Result == AttemptResult.ConnectionLost;
        if (schedule.IsExpired(acceptedMs, due))
            return Finished(recipient, now, RecipientState.Expired, EventKind.Expired, attempt);
        return new AttemptOutcome
        {
            Recipient = recipient,
            State = RecipientState.Deferred,
            Attempts = Next(recipient.Attempts),
            Losses = lost ? Next(recipient.Losses) : (ushort)0,
            Uncertain = recipient.Uncertain || attempt.Uncertain,
            DueMs = due,
            Detail = attempt.Reply.ToString(),
            Event = Event(recipient, now, EventKind.Deferred, attempt),
        };
    }

    private static AttemptOutcome Finished(
        SpooledRecipient recipient, long now, RecipientState state, EventKind kind, in DeliveryAttempt attempt) =>
        new()
        {
            Recipient = recipient,
            State = state,
            Attempts = Next(recipient.Attempts),
            Losses = recipient.Losses,
            Uncertain = recipient.Uncertain || attempt.Uncertain,
            Detail = state == RecipientState.Delivered ? null : attempt.Reply.ToString(),
            Event = Event(recipient, now, kind, attempt),
        };

    private static DeliveryEvent Event(SpooledRecipient recipient, long now, EventKind kind, in DeliveryAttempt attempt) =>
        new()
        {
            Kind = kind,
            TimeMs = now,
            Account = recipient.Account,
            Job = recipient.Job,
            Recipient = recipient.Ordinal,
            Attempt = Next(recipient.Attempts),
            SmtpCode = attempt.Reply.Code,
            EnhancedStatus = attempt.Reply.Enhanced.ToString(),
            BounceClass = kind == EventKind.Delivered ? BounceClass.None : BounceClassifier.Classify(attempt.Reply),
            Mx = attempt.MxHost,
            Reply = kind == EventKind.Delivered ? null : attempt.Reply.Text,
            Uncertain = recipient.Uncertain || attempt.Uncertain,
        };

    private static ushort Next(ushort value) => value == ushort.MaxValue ? value : (ushort)(value + 1);
}
