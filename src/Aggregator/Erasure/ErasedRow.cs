using System.Buffers.Binary;
using Delivery.Contracts;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Erasure;

/// <summary>Rows of RowBinary without what tells who somebody is. The rows were validated before.</summary>
internal static class ErasedRow
{
    private const int Counted = 1 + 8 + 4 + 8 + 4 + 2 + 2 + 2 + 1;
    private const int IpBytes = 16;

    /// <summary>
    /// An event's body (<see cref="EventRow.BodyColumns"/>): <c>mx, reply, url, user_agent</c> and <c>ip</c> are empty, and <c>reason</c> unless it
    /// says why a recipient was dropped, which is counted.
    /// </summary>
    public static byte[] Event(ReadOnlySpan<byte> body)
    {
        var at = Counted;
        Skip(body, ref at);
        at += 2 + 2;
        Skip(body, ref at);
        at += 1;
        var kept = at;
        Skip(body, ref at);
        var reason = at;
        Skip(body, ref at);
        var reasonEnd = at;
        for (var i = 0; i < 3; i++)
            Skip(body, ref at);
        at += IpBytes;
        var why = body[0] == (byte)EventKind.Dropped ? body[reason..reasonEnd] : [0];
        return [.. body[..kept], 0, .. why, 0, 0, 0, .. new byte[IpBytes], .. body[at..]];
    }

    /// <summary>A recipient's row behind its subject (<see cref="EventRow.RecipientColumns"/>): nothing but the variant is left, which figures are counted by.</summary>
    public static byte[] Recipient(ReadOnlySpan<byte> row)
    {
        var at = 0;
        Skip(row, ref at);
        var variant = at;
        Skip(row, ref at);
        return [0, .. row[variant..at], 0, .. new byte[RecipientKey.Size], 2, (byte)'{', (byte)'}'];
    }

    /// <summary>Job and recipient of an event's body.</summary>
    public static (ulong Job, uint Recipient) Subject(ReadOnlySpan<byte> body) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(body[13..]), BinaryPrimitives.ReadUInt32LittleEndian(body[21..]));

    private static void Skip(ReadOnlySpan<byte> row, ref int at)
    {
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = row[at++];
            length |= (next & 0x7F) << shift;
            if (next < 0x80)
                break;
        }

        at += length;
    }
}
