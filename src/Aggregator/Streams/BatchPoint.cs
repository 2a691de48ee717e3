namespace Delivery.Aggregator.Streams;

/// <summary>Moments of a batch between which a crash leaves different things behind.</summary>
internal enum BatchPoint
{
    /// <summary>The manifest is written, nothing inserted.</summary>
    BeforeInsert,

    /// <summary>All of it is in ClickHouse.</summary>
    AfterInsert,

    /// <summary>The cursor has moved.</summary>
    AfterCommit,

    /// <summary>Dead letters were read to be tried again, nothing inserted.</summary>
    BeforeReplay,

    /// <summary>All of them that can be read is in ClickHouse.</summary>
    AfterReplay,
}
