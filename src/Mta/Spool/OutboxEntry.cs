namespace Delivery.Mta.Spool;

/// <summary>Packed records on their way to a shard's stream. The array belongs to the entry.</summary>
internal readonly record struct OutboxEntry(int Shard, int Count, byte[] Records);

/// <summary>The same with the numbers that its commit gave it.</summary>
internal readonly record struct NumberedEntry(ulong First, int Count, byte[] Records)
{
    public ulong Last => First + (ulong)Count - 1;
}
