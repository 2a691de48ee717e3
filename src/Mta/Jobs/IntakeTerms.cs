using System.Security.Cryptography;
using Delivery.Mta.Jobs.FollowUps;

namespace Delivery.Mta.Jobs;

/// <summary>How a job is taken that did not come as a body of its own.</summary>
internal readonly record struct IntakeTerms
{
    /// <summary>What the idempotency key stands for; null for the job's body.</summary>
    public byte[]? RequestHash { get; init; }

    /// <summary>Whether several recipients may have the same address.</summary>
    public bool AddressesMayRepeat { get; init; }

    /// <summary>Who wants the job, where it may ask for an audience; null where it may not.</summary>
    public AudienceCaller? Caller { get; init; }

    public byte[] HashOf(ReadOnlyMemory<byte> body) => RequestHash ?? SHA256.HashData(body.Span);
}
