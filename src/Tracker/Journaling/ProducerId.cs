using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Tracker.Journaling;

/// <summary>Names one journal among all producers.</summary>
internal static class ProducerId
{
    /// <summary>Random, from 2^53 to 2^63 - 1: no two journals share one, and it fits a signed 64-bit column.</summary>
    public static ulong Next()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes) & long.MaxValue) | (1UL << 53);
    }
}
