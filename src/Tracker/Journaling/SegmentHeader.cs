using System.Buffers.Binary;

namespace Delivery.Tracker.Journaling;

/// <summary>
/// Leads a segment: <c>"DLVJ" version:u32 boot:16 shards:u32 {producer:u64 next:u64}* checksum:u32</c>, little-endian. It says where every shard
/// stood when the segment began, so that the names and numbers outlive the segments before it.
/// </summary>
internal sealed record SegmentHeader(Guid Boot, ShardNumbers[] Numbers)
{
    private const uint Magic = 0x4A56_4C44;
    private const uint Version = 1;
    private const int MaxShards = 4096;
    private const int FixedBytes = 4 + 4 + 16 + 4;

    public int Size => SizeFor(Numbers.Length);

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Version);
        Boot.TryWriteBytes(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], Numbers.Length);
        for (var i = 0; i < Numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(span[(FixedBytes + i * 16)..], Numbers[i].Producer);
            BinaryPrimitives.WriteUInt64LittleEndian(span[(FixedBytes + i * 16 + 8)..], Numbers[i].Next);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(span[^4..], Checksum.Of(span[..^4]));
        return bytes;
    }

    /// <summary>Null where the file does not begin with a sound header.</summary>
    public static SegmentHeader? Read(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        Span<byte> start = stackalloc byte[FixedBytes];
        if (RandomAccess.Read(file, start, 0) < FixedBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(start) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) != Version)
            return null;
        var shards = BinaryPrimitives.ReadInt32LittleEndian(start[24..]);
        if (shards is < 1 or > MaxShards)
            return null;
        var bytes = new byte[SizeFor(shards)];
        if (RandomAccess.Read(file, bytes, 0) < bytes.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan()[^4..]) != Checksum.Of(bytes.AsSpan()[..^4]))
            return null;
        var numbers = new ShardNumbers[shards];
        for (var i = 0; i < shards; i++)
        {
            numbers[i] = new ShardNumbers(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(FixedBytes + i * 16)),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(FixedBytes + i * 16 + 8)));
        }

        return new SegmentHeader(new Guid(bytes.AsSpan(8, 16)), numbers);
    }

    private static int SizeFor(int shards) => FixedBytes + shards * 16 + 4;
}
