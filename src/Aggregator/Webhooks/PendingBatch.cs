namespace Delivery.Aggregator.Webhooks;

/// <summary>A batch that is being sent: what it holds is in ClickHouse, so that whoever sends it next makes the same of it. As Redis keeps it.</summary>
internal sealed class PendingBatch
{
    /// <summary>The same at each attempt.</summary>
    public required string Id { get; init; }

    /// <summary>Of the subscription when it was begun.</summary>
    public required int Revision { get; init; }

    public required IReadOnlyList<NumberWindow> Windows { get; init; }

    /// <summary>The cursor once it is sent.</summary>
    public required FeedCursor To { get; init; }

    public required int Events { get; init; }

    /// <summary>Time of its oldest event, Unix milliseconds.</summary>
    public required long OldestMs { get; init; }
}

/// <summary>Numbers of one stream, both ends included.</summary>
internal readonly record struct NumberWindow(int Shard, ulong Producer, ulong First, ulong Last);
