namespace Delivery.Tracker.Journaling;

/// <summary>Under which name and from which number on a shard's next record is written.</summary>
internal readonly record struct ShardNumbers(ulong Producer, ulong Next)
{
    public static ShardNumbers Fresh() => new(ProducerId.Next(), 1);
}
