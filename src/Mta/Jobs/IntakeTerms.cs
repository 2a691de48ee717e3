using System.Security.Cryptography;

namespace Delivery.Mta.Jobs;

/// <summary>How a job is taken that did not come as a body of its own.</summary>
internal readonly record struct IntakeTerms
{
    /// <summary>What the idempotency key stands for; null for the job's body.</summary>
    public byte[]? RequestHash { get; init; }

    /// <summary>Whether several recipients may have the same address.</summary>
    public bool AddressesMayRepeat { get; init; }

    public byte[] HashOf(ReadOnlyMemory<byte> body) => RequestHash ?? SHA256.HashData(body.Span);
}
