using System.Buffers.Binary;

namespace Delivery.Tracker.Journaling;

/// <summary>
/// Leads an entry: <c>checksum:u32 body:u32 kind:u8 0:u8 shard:u16 suppressions:u32 count:u32 producer:u64 first:u64</c>, little-endian.
/// The checksum is CRC-32C of all that follows it, body included.
/// </summary>
internal readonly record struct JournalEntryHeader
{
    public const int Size = 36;

    /// <summary>Longest body that is believed.</summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    public required JournalEntryKind Kind { get; init; }

    public required int Shard { get; init; }

    /// <summary>Suppressions at the start of the body.</summary>
    public int Suppressions { get; init; }

    /// <summary>Records in the body.</summary>
    public int Count { get; init; }

    public ulong Producer { get; init; }

    /// <summary>Number of the first record.</summary>
    public ulong First { get; init; }

    public required int BodyBytes { get; init; }

    public ulong Last => First + (ulong)Count - 1;

    public int TotalBytes => Size + BodyBytes;

    /// <summary>Writes the header before the body that already stands in <paramref name="entry"/>, of <see cref="TotalBytes"/>.</summary>
    public void Seal(Span<byte> entry)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry[4..], BodyBytes);
        entry[8] = (byte)Kind;
        entry[9] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(entry[10..], (ushort)Shard);
        BinaryPrimitives.WriteInt32LittleEndian(entry[12..], Suppressions);
        BinaryPrimitives.WriteInt32LittleEndian(entry[16..], Count);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[20..], Producer);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[28..], First);
        BinaryPrimitives.WriteUInt32LittleEndian(entry, Checksum.Of(entry[4..]));
    }

    /// <summary>False where these bytes cannot be a header; the checksum is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out JournalEntryHeader header)
    {
        header = default;
        if (source.Length < Size)
            return false;
        header = new JournalEntryHeader
        {
            BodyBytes = BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            Kind = (JournalEntryKind)source[8],
            Shard = BinaryPrimitives.ReadUInt16LittleEndian(source[10..]),
            Suppressions = BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            Count = BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            Producer = BinaryPrimitives.ReadUInt64LittleEndian(source[20..]),
            First = BinaryPrimitives.ReadUInt64LittleEndian(source[28..]),
        };
        return header.Kind switch
        {
            JournalEntryKind.Events => header.BodyBytes is > 0 and <= MaxBodyBytes && header.Count > 0 && header.First > 0
                && header.Suppressions >= 0 && (long)header.Suppressions * Suppression.Size < header.BodyBytes,
            JournalEntryKind.Renumbering => header.BodyBytes == sizeof(ulong),
            JournalEntryKind.Closed => header.BodyBytes == 0,
            _ => false,
        };
    }

    /// <summary>True where header and body are as they were sealed.</summary>
    public static bool IsSound(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt32LittleEndian(entry) == Checksum.Of(entry[4..]);
}
