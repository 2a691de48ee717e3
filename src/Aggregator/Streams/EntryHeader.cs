using System.Globalization;
using System.Text;

namespace Delivery.Aggregator.Streams;

/// <summary>The fields of one entry as they come from Redis, in any order. Reused after <see cref="Clear"/>.</summary>
internal struct EntryHeader
{
    /// <summary>Numbers stay whole in Lua below this.</summary>
    private const ulong MaxNumber = 1UL << 53;

    private const int LongestText = 64;

    private ReadOnlyMemory<byte> _producer;
    private ReadOnlyMemory<byte> _first;
    private ReadOnlyMemory<byte> _count;
    private ReadOnlyMemory<byte> _records;
    private bool _hasRecords;

    public void Clear() => this = default;

    /// <summary>Takes one field of an entry; those with other names are not ours.</summary>
    public void Take(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        if (name.Length != 1)
            return;
        switch (name[0])
        {
            case (byte)'p':
                _producer = value;
                break;
            case (byte)'n':
                _first = value;
                break;
            case (byte)'c':
                _count = value;
                break;
            case (byte)'e':
                _records = value;
                _hasRecords = true;
                break;
        }
    }

    public readonly StreamEntry ToEntry(ulong milliseconds, ulong sequence)
    {
        var hasProducer = ulong.TryParse(_producer.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var producer);
        var hasFirst = ulong.TryParse(_first.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var first);
        var hasCount = int.TryParse(_count.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var reason = !hasProducer ? "no producer"
            : !hasFirst || first is 0 or >= MaxNumber ? "no first number"
            : !hasCount || count < 1 ? "no record count"
            : !_hasRecords ? "no records"
            : null;
        var fault = reason is null ? null : new HeaderFault(reason, Text(_producer), Text(_first), Text(_count));
        return new StreamEntry(milliseconds, sequence, producer, first, count, _records, fault);
    }

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span[..Math.Min(LongestText, value.Length)]);
}
