using System.Globalization;
using System.Text;

namespace Delivery.Aggregator.Streams;

/// <summary>Finds the end of one answer of RESP 2 while it arrives: what was looked at is not looked at again.</summary>
internal struct RespAnswer()
{
    private long _at;
    private long _pending = 1;

    /// <summary>Bytes that the buffer must hold before there is something to look at, as far as is known.</summary>
    public readonly long Needs => _at;

    /// <summary>True once all of the answer is in <paramref name="bytes"/>, which begins where the answer does.</summary>
    /// <exception cref="InvalidDataException">It is no RESP 2, or more than one answer.</exception>
    public bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        while (_pending > 0)
        {
            if (_at >= bytes.Length)
                return false;
            var end = bytes[(int)_at..].IndexOf("\r\n"u8);
            if (end < 0)
                return false;
            var line = bytes.Slice((int)_at, end);
            if (line.IsEmpty)
                throw Unknown();
            _at += end + 2;
            _pending--;
            switch (line[0])
            {
                case (byte)'*':
                    _pending += Math.Max(0, Number(line[1..]));
                    break;
                case (byte)'$':
                    if (Number(line[1..]) is >= 0 and var length)
                        _at += length + 2;
                    break;
                case (byte)'+' or (byte)'-' or (byte)':':
                    break;
                default:
                    throw Unknown();
            }
        }

        return _at == bytes.Length || (_at < bytes.Length ? throw Unknown() : false);
    }

    /// <exception cref="RespException">The answer is an error; its text is the message.</exception>
    public static void Demand(ReadOnlySpan<byte> answer)
    {
        if (answer[0] == (byte)'-')
        {
            var words = Encoding.UTF8.GetString(answer[1..^2]);
            throw new RespException($"Redis refused: {words}", words);
        }
    }

    public static long Number(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number <= Array.MaxLength ? number : throw Unknown();

    public static InvalidDataException Unknown() => new("Redis answered what is no answer of RESP 2.");
}
