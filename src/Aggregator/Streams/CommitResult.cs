namespace Delivery.Aggregator.Streams;

internal enum CommitResult
{
    /// <summary>The cursor is behind the batch and its entries are gone.</summary>
    Committed,

    /// <summary>Committed, but the stream is not the one that was read (Redis went back): nothing was trimmed, read from its head again.</summary>
    StreamChanged,
}
