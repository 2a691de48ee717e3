using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;

namespace Delivery.Mta.Lanes;

/// <summary>Whether a claimed recipient's message may still leave, by what was decided about its job and its reader since. Thread-safe.</summary>
internal sealed class DepartureRules(OutcomeRules rules, SuppressionMirror suppressions, TimeProvider time)
{
    /// <summary>Null where it may leave; else what becomes of the recipient.</summary>
    public AttemptOutcome? Refusal(SpooledRecipient recipient)
    {
        if (recipient.Live is not { } job || (job.Hold == JobHold.None && job.ExpiresMs == long.MaxValue))
            return null;
        if (job.Hold == JobHold.Cancelled || IsExpired(job))
            return End(recipient, job);
        return job.Hold == JobHold.Paused ? Untouched(recipient) : null;
    }

    /// <summary>Null for everybody but those who left the job's list, or all mail of the account, also while the message waited. Who was erased has no key any more.</summary>
    public AttemptOutcome? Suppressed(SpooledRecipient recipient, uint list) =>
        recipient.Key == default ? rules.Drop(recipient, "erased", null) :
        suppressions.Contains(recipient.Account, recipient.Key, list) ? rules.Drop(recipient, "suppressed", null) : null;

    /// <summary>Goes back into the spool as if it had never been claimed.</summary>
    public AttemptOutcome Untouched(SpooledRecipient recipient) => rules.Return(recipient);

    /// <summary>The outcome of a recipient without one whose job is cancelled or expired.</summary>
    public AttemptOutcome End(SpooledRecipient recipient, LiveJob job) =>
        job.Hold == JobHold.Cancelled ? rules.Drop(recipient, "cancelled", null) : Expire(recipient);

    /// <summary>The person has had all mail that the cap allows.</summary>
    public AttemptOutcome Capped(SpooledRecipient recipient) => rules.Drop(recipient, "capped", null);

    private bool IsExpired(LiveJob job) => time.GetUtcNow().ToUnixTimeMilliseconds() >= job.ExpiresMs;

    private AttemptOutcome Expire(SpooledRecipient recipient) =>
        AttemptOutcome.Ended(
            recipient, RecipientState.Expired, EventKind.Expired, time.GetUtcNow().ToUnixTimeMilliseconds(), "options.expires has passed", null, "options.expires has passed");
}
