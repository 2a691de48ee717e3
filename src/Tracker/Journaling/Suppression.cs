using System.Buffers.Binary;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using StackExchange.Redis;

namespace Delivery.Tracker.Journaling;

/// <summary>
/// What an unsubscribe, or the way back from one, must do besides being counted. Goes into the journal with its event and is done, in order,
/// whenever that is published. On disk a time below 0 is that of a lifted one.
/// </summary>
/// <param name="TimeMs">When it was asked for, Unix milliseconds; what was asked for later is not lifted by it.</param>
/// <param name="Lifted">It is removed, and not added.</param>
internal readonly record struct Suppression(uint Account, uint List, long TimeMs, RecipientKey Key, bool Lifted = false)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 4 + 4 + 8 + RecipientKey.Size;

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Account);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], List);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Lifted ? -TimeMs : TimeMs);
        Key.CopyTo(destination[16..]);
    }

    public static Suppression Read(ReadOnlySpan<byte> source)
    {
        var time = BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
        return new Suppression(
            BinaryPrimitives.ReadUInt32LittleEndian(source),
            BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
            Math.Abs(time),
            RecipientKey.Read(source[16..]),
            time < 0);
    }

    /// <summary>Done once it is in Redis. Repeating it changes nothing.</summary>
    /// <exception cref="RedisException">Redis did not take it.</exception>
    /// <exception cref="TimeoutException">No answer within <paramref name="deadline"/>.</exception>
    public Task ApplyAsync(IDatabaseAsync redis, SuppressionKeys keys, TimeSpan deadline) => Lifted
        ? SuppressionScript.RemoveAsync(redis, keys, Account, Key, SuppressionReason.Unsubscribe, List, deadline, until: TimeMs)
        : SuppressionScript.AddAsync(redis, keys, Account, Key, SuppressionReason.Unsubscribe, List, TimeMs, deadline);
}
