namespace Delivery.Contracts.Streams;

public enum PublishStatus
{
    /// <summary>The entry is in the stream now.</summary>
    Appended,

    /// <summary>All of its numbers were in the stream before: a lost reply, a retry, a replay. Nothing was written.</summary>
    Duplicate,

    /// <summary>Its first number is not the next one. Nothing was written; publish from <see cref="PublishResult.Mark"/> + 1.</summary>
    OutOfTurn,
}

/// <param name="Mark">The producer's highest number in the stream after the call.</param>
public readonly record struct PublishResult(PublishStatus Status, ulong Mark);
