using System.Buffers.Binary;
using Delivery.Contracts;

namespace Delivery.Tracker.Journaling;

/// <summary>What an unsubscribe must do besides being counted. Goes into the journal with its event and is done whenever that is published.</summary>
internal readonly record struct Suppression(uint Account, uint List, long TimeMs, RecipientKey Key)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 4 + 4 + 8 + RecipientKey.Size;

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Account);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], List);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], TimeMs);
        Key.CopyTo(destination[16..]);
    }

    public static Suppression Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(source),
        BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        RecipientKey.Read(source[16..]));
}
