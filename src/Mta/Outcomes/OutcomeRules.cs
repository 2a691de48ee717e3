using Delivery.Contracts.Events;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Lanes;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Outcomes;

/// <summary>From what a connection reports to what is written: the one place that decides between deferring, bouncing and expiring. Thread-safe.</summary>
internal sealed class OutcomeRules(RetrySchedule schedule, BounceClassifier classifier, TimeProvider time)
{
    /// <summary>Losses in a row after which a message is taken to be their cause, so that each further one costs an attempt.</summary>
    private const int HarmlessLosses = 10;

    public AttemptOutcome Decide(SpooledRecipient recipient, in RetryTerms terms, in DeliveryAttempt attempt)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (attempt.Result == AttemptResult.Delivered)
            return Finished(recipient, now, RecipientState.Delivered, EventKind.Delivered, attempt, null);
        var verdict = classifier.Classify(attempt.Reply, attempt.MxHost);
        var plan = schedule.PlanOf(recipient.Account, recipient.Email, terms.Transactional);
        if (attempt.Result == AttemptResult.ConnectionLost)
            return Lost(recipient, plan, terms, now, attempt, verdict);
        var isFinal = verdict.Treatment switch
        {
            ReplyTreatment.Deferred => false,
            ReplyTreatment.Bounced => true,
            _ => attempt.Result == AttemptResult.Refused,
        };
        return isFinal
            ? Finished(recipient, now, RecipientState.Bounced, EventKind.Bounced, attempt, verdict)
            : Deferred(recipient, plan, terms, now, attempt, verdict);
    }

    /// <summary>A message that nobody touched, given back when stopping: tried again at the next start as if it had never been claimed.</summary>
    public AttemptOutcome Return(SpooledRecipient recipient) =>
        Returned(recipient, time.GetUtcNow().ToUnixTimeMilliseconds(), recipient.Losses, null);

    /// <summary>Could not be worked on for a reason that is not its own: tried again soon.</summary>
    public AttemptOutcome GiveBack(SpooledRecipient recipient, string detail) =>
        Returned(recipient, time.GetUtcNow().ToUnixTimeMilliseconds() + (long)RetrySchedule.AfterLoss(recipient.Losses + 1).TotalMilliseconds, recipient.Losses + 1, detail);

    /// <summary>Never handed to a peer: <paramref name="reason"/> is a word for machines, <paramref name="detail"/> for people.</summary>
    public AttemptOutcome Drop(SpooledRecipient recipient, string reason, string? detail) =>
        AttemptOutcome.Ended(
            recipient, RecipientState.Dropped, EventKind.Dropped, time.GetUtcNow().ToUnixTimeMilliseconds(), detail is null ? reason : $"{reason}: {detail}", reason, detail);

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

    private static AttemptOutcome Lost(SpooledRecipient recipient, in RetryPlan plan, in RetryTerms terms, long now, in DeliveryAttempt attempt, BounceVerdict verdict)
    {
        var due = now + (long)RetrySchedule.AfterLoss(recipient.Losses + 1).TotalMilliseconds;
        var harmless = !attempt.Uncertain && recipient.Losses < HarmlessLosses;
        return harmless && !ComesTooLate(recipient, plan, terms, now, due)
            ? Returned(recipient, due, recipient.Losses + 1, attempt.Reply.Text)
            : TryAgain(recipient, plan, terms, now, due, costsAttempt: true, Next(recipient.Losses), attempt, verdict);
    }

    /// <summary>
    /// What the peer holds against us or against this connection says nothing of the recipient: it is tried again after the first pause, and
    /// its own pauses do not grow.
    /// </summary>
    private static AttemptOutcome Deferred(SpooledRecipient recipient, in RetryPlan plan, in RetryTerms terms, long now, in DeliveryAttempt attempt, BounceVerdict verdict)
    {
        var costsAttempt = (verdict.Scope ?? attempt.Scope) is FailureScope.Recipient or FailureScope.Message;
        var pause = RetryHint.TryRead(verdict.Class, attempt.Reply.Text, out var asked)
            ? RetrySchedule.AsAsked(plan, asked)
            : RetrySchedule.AfterAttempt(plan, costsAttempt ? recipient.Attempts + 1 : 1);
        return TryAgain(recipient, plan, terms, now, now + (long)pause.TotalMilliseconds, costsAttempt, losses: 0, attempt, verdict);
    }

    private static AttemptOutcome TryAgain(
        SpooledRecipient recipient, in RetryPlan plan, in RetryTerms terms, long now, long due, bool costsAttempt, ushort losses, in DeliveryAttempt attempt,
        BounceVerdict verdict)
    {
        if (ComesTooLate(recipient, plan, terms, now, due))
            return Finished(recipient, now, RecipientState.Expired, EventKind.Expired, attempt, verdict);
        return new AttemptOutcome
        {
            Recipient = recipient,
            State = RecipientState.Deferred,
            Attempts = costsAttempt ? Next(recipient.Attempts) : recipient.Attempts,
            Losses = losses,
            Uncertain = recipient.Uncertain || attempt.Uncertain,
            DueMs = due,
            Unknown = Unknown(attempt, verdict),
            Detail = attempt.Reply.ToString(),
            Event = Event(recipient, now, EventKind.Deferred, attempt, verdict),
        };
    }

    /// <summary>Whether there is to be no attempt at that time. Who was first tried late, since the job was paused, gets another one all the same.</summary>
    private static bool ComesTooLate(SpooledRecipient recipient, in RetryPlan plan, in RetryTerms terms, long now, long due) =>
        due >= terms.ExpiresMs
        || (RetrySchedule.IsExpired(plan, terms, due) && !(recipient is { Attempts: 0, Losses: 0 } && RetrySchedule.IsExpired(plan, terms, now)));

    private static AttemptOutcome Finished(
        SpooledRecipient recipient, long now, RecipientState state, EventKind kind, in DeliveryAttempt attempt, BounceVerdict? verdict) =>
        new()
        {
            Recipient = recipient,
            State = state,
            Attempts = Next(recipient.Attempts),
            Losses = recipient.Losses,
            Uncertain = recipient.Uncertain || attempt.Uncertain,
            Suppress = state == RecipientState.Bounced && verdict is { AddressIsUnknown: true } && attempt is { Reply.IsPermanent: true, MxHost: not null }
                ? SuppressionReason.HardBounce : null,
            Unknown = verdict is null ? null : Unknown(attempt, verdict),
            Detail = state == RecipientState.Delivered ? null : attempt.Reply.ToString(),
            Event = Event(recipient, now, kind, attempt, verdict),
        };

    private static DeliveryEvent Event(SpooledRecipient recipient, long now, EventKind kind, in DeliveryAttempt attempt, BounceVerdict? verdict) =>
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
            BounceClass = verdict?.Class ?? BounceClass.None,
            Mx = attempt.MxHost,
            Reply = kind == EventKind.Delivered ? null : attempt.Reply.Text,
            Uncertain = recipient.Uncertain || attempt.Uncertain,
        };

    /// <summary>What was refused here is no reply of a peer's.</summary>
    private static UnknownReply? Unknown(in DeliveryAttempt attempt, BounceVerdict verdict) => attempt.MxHost is null ? null : verdict.Unknown;

    private static ushort Next(ushort value) => value == ushort.MaxValue ? value : (ushort)(value + 1);
}
