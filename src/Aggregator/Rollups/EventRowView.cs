using System.Buffers.Binary;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Rollups;

/// <summary>
/// The fixed part of a row for table <c>events_in</c>: <c>fence:u64</c>, <see cref="EventRow.PrefixColumns"/>, then
/// <c>kind:u8 time:i64 account:u32 job:u64 recipient:u32</c> of <see cref="EventRow.BodyColumns"/>.
/// </summary>
internal readonly ref struct EventRowView(ReadOnlySpan<byte> row)
{
    public const int PrefixBytes = FenceBytes + 8 + 2 + 8;

    private const int FenceBytes = 8;

    /// <summary>Offset and size of <c>account, job, recipient</c> in a record's body.</summary>
    public const int SubjectOffset = 1 + 8;

    public const int SubjectBytes = 4 + 8 + 4;

    private readonly ReadOnlySpan<byte> _row = row;

    public EventId Id => new(
        BinaryPrimitives.ReadUInt64LittleEndian(_row[FenceBytes..]), BinaryPrimitives.ReadUInt64LittleEndian(_row[(FenceBytes + 10)..]));

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public long TimeMs => BinaryPrimitives.ReadInt64LittleEndian(_row[(PrefixBytes + 1)..]);

    public EventKind Kind => (EventKind)_row[PrefixBytes];

    public uint Account => BinaryPrimitives.ReadUInt32LittleEndian(_row[(PrefixBytes + SubjectOffset)..]);

    public uint Recipient => BinaryPrimitives.ReadUInt32LittleEndian(_row[(PrefixBytes + SubjectOffset + 12)..]);

    public ulong Job => BinaryPrimitives.ReadUInt64LittleEndian(_row[(PrefixBytes + SubjectOffset + 4)..]);

    public static void WritePrefix(Span<byte> destination, ulong fence, ulong producer, int shard, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, fence);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FenceBytes..], producer);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[(FenceBytes + 8)..], (ushort)shard);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[(FenceBytes + 10)..], number);
    }
}
