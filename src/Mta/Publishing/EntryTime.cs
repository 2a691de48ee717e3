using System.Buffers.Binary;
using Delivery.Contracts.Events;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Publishing;

/// <summary>When what an entry tells of happened.</summary>
internal static class EntryTime
{
    /// <summary>Of the first event in it, Unix milliseconds; null where it has none, as one with links alone.</summary>
    public static long? Of(in NumberedEntry entry)
    {
        if (!EntryReader.TryOpen(entry.Records, entry.Count, out var reader, out _))
            return null;
        while (reader.TryNext())
        {
            if (reader is { Fault: null, Kind: >= (byte)EventKind.Accepted and <= (byte)EventKind.Complained })
                return BinaryPrimitives.ReadInt64LittleEndian(reader.Body[1..]);
        }

        return null;
    }
}
