namespace Delivery.Aggregator.Rollups;

/// <summary>Why a number is no row of table <c>events</c>; the values are those of <c>numbers_aside.what</c>.</summary>
internal enum NumberAside : byte
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>A job, a link or a piece of a mail.</summary>
    Dimension = 1,

    /// <summary>A dead letter.</summary>
    Dead = 2,
}
