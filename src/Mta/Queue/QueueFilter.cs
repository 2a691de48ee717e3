using Delivery.Contracts.Events;
using Delivery.Mta.Jobs;

namespace Delivery.Mta.Queue;

/// <summary>Which of an account's recipients are meant; what is null does not matter.</summary>
internal sealed record QueueFilter
{
    public required uint Account { get; init; }

    public ulong? Job { get; init; }

    /// <summary>Of the address, in any case.</summary>
    public string? Domain { get; init; }

    public QueueState? State { get; init; }

    /// <summary>Part of the last reply, in any case.</summary>
    public string? Reason { get; init; }

    /// <summary>What the last reply says, by the rules of today.</summary>
    public BounceClass? Class { get; init; }

    /// <summary>At least so long in the queue.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Chooses more than accounts and jobs: every recipient has to be looked at.</summary>
    public bool LooksAtRecipients => Domain is not null || LooksAtReplies || OlderThan is not null || State is not null;

    public bool LooksAtReplies => Reason is not null || Class is not null;

    /// <summary>Means a part of the account's recipients.</summary>
    public bool IsPart => Job is not null || Domain is not null || LooksAtReplies || OlderThan is not null;

    public bool Wants(QueueState state) => State is null || State == state;

    public bool Lets(in QueueJob job, long nowMs) =>
        job.Account == Account && (Job is null || Job == job.Id) && (OlderThan is not { } age || nowMs - job.SinceMs >= age.TotalMilliseconds);

    public bool Lets(string email, string? detail, ReplyClass classes) =>
        (Domain is null || RecipientAddress.Domain(email).Equals(Domain, StringComparison.OrdinalIgnoreCase))
        && (Reason is null || detail?.Contains(Reason, StringComparison.OrdinalIgnoreCase) == true)
        && (Class is not { } wanted || classes.Of(detail) == wanted);
}
