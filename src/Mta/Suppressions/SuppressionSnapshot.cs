using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Delivery.Contracts.Suppressions;

namespace Delivery.Mta.Suppressions;

/// <summary>
/// A copy of the suppressions on disk, by which an Mta that starts while Redis is away knows whom not to write to, and which tells it that a Redis has
/// lost some. Holds keys, no addresses.
/// <para>File: 8 bytes of mark, version i64le, length of the words i32le, epoch and place with a blank between, count i32le, 25 bytes each, SHA-256 over all before.</para>
/// </summary>
internal static class SuppressionSnapshot
{
    private const int FixedBytes = 8 + 8 + 4 + 4;
    private const int MaxWordBytes = 256;

    private static ReadOnlySpan<byte> Mark => "DSUPPR1\n"u8;

    /// <summary>On return the file is on disk whole; an earlier one is replaced in one step.</summary>
    /// <exception cref="IOException">It could not be written; the earlier one stands.</exception>
    public static void Write(string path, SuppressionCopy copy)
    {
        var stand = copy.Stand;
        var parts = copy.Table.Parts().ToList();
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            Put(file, hash, Head(stand, parts.Sum(part => part.Length)));
            foreach (var part in parts)
                Put(file, hash, MemoryMarshal.AsBytes(part.AsSpan()));
            file.Write(hash.GetHashAndReset());
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SuppressionCopy? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        var body = bytes.AsSpan(0, Math.Max(0, bytes.Length - SHA256.HashSizeInBytes));
        if (body.Length < FixedBytes || !body.StartsWith(Mark) || !SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length)))
            throw new InvalidDataException("it is damaged");
        var version = BinaryPrimitives.ReadInt64LittleEndian(body[8..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(body[16..]);
        if (length is < 0 or > MaxWordBytes || body.Length < FixedBytes + length || Encoding.UTF8.GetString(body.Slice(20, length)).Split(' ') is not [var epoch, var place])
            throw new InvalidDataException("it is damaged");
        var copy = new SuppressionCopy { Stand = new SuppressionStand(epoch, version, place) };
        var slots = body[(FixedBytes + length)..];
        if (slots.Length != (long)BinaryPrimitives.ReadInt32LittleEndian(body[(20 + length)..]) * SuppressionSlot.Size)
            throw new InvalidDataException("it is damaged");
        foreach (ref readonly var slot in MemoryMarshal.Cast<byte, SuppressionSlot>(slots))
            copy.Table.Add(slot);
        return copy;
    }

    private static byte[] Head(SuppressionStand stand, int count)
    {
        var words = Encoding.UTF8.GetBytes($"{stand.Epoch} {stand.Place}");
        var head = new byte[FixedBytes + words.Length];
        Mark.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), stand.Version);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), words.Length);
        words.CopyTo(head.AsSpan(20));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(20 + words.Length), count);
        return head;
    }

    private static void Put(FileStream file, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        hash.AppendData(bytes);
    }
}
