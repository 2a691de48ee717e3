using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs;

/// <summary>What became of a request to take a job. Exactly one of the cases.</summary>
internal sealed record IntakeResult
{
    /// <summary>The job is on disk; these bytes are the answer.</summary>
    public byte[]? Response { get; private init; }

    public ulong Job { get; private init; }

    /// <summary>The idempotency key was taken by an earlier request.</summary>
    public IdempotentAnswer? Earlier { get; private init; }

    /// <summary>The job as a whole is faulty; nothing was stored.</summary>
    public IReadOnlyList<FieldError>? Errors { get; private init; }

    /// <summary>No recipient was left to take; nothing was stored.</summary>
    public IReadOnlyList<RejectedRecipient>? Rejected { get; private init; }

    /// <summary>A cap of the account stands against the job; nothing was stored.</summary>
    public CapReached? Cap { get; private init; }

    /// <summary>What the job needs cannot be had; nothing is sent.</summary>
    public IntakeFailure? Failure { get; private init; }

    public static IntakeResult Taken(ulong job, byte[] response) => new() { Job = job, Response = response };

    public static IntakeResult Replayed(IdempotentAnswer earlier) => new() { Earlier = earlier };

    public static IntakeResult Refused(IReadOnlyList<FieldError> errors) => new() { Errors = errors };

    public static IntakeResult Capped(CapReached cap) => new() { Cap = cap };

    public static IntakeResult Failed(IntakeFailure failure) => new() { Failure = failure };

    public static IntakeResult NobodyLeft(IReadOnlyList<RejectedRecipient> rejected) => new() { Rejected = rejected };
}
