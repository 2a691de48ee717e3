using System.Buffers.Text;
using System.Text;

namespace Delivery.Aggregator.ClickHouse;

/// <summary>Reads answers in <c>FORMAT TSV</c> whose values hold neither tabs nor line ends (numbers, hex, names).</summary>
internal ref struct TabSeparated(ReadOnlySpan<byte> answer)
{
    private ReadOnlySpan<byte> _rest = answer;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <exception cref="ClickHouseException">The next value is not a whole number.</exception>
    public ulong UInt64()
    {
        var value = Next();
        return Utf8Parser.TryParse(value, out ulong number, out var used) && used == value.Length
            ? number
            : throw new ClickHouseException(0, "ClickHouse answered something that is not a number where one was asked for.");
    }

    public string Text() => Encoding.UTF8.GetString(Next());

    private ReadOnlySpan<byte> Next()
    {
        var end = _rest.IndexOfAny((byte)'\t', (byte)'\n');
        var value = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return value;
    }
}
