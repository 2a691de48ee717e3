namespace Delivery.Mta.Templates;

/// <summary>
/// ISO 8601's extended format: <c>yyyy-MM-dd[(T| )HH:mm[:ss[.fraction]][Z|±HH:mm]]</c>. Without an offset it is UTC.
/// </summary>
internal static class IsoDate
{
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset moment)
    {
        moment = default;
        if (!Number(ref text, 4, out var year) || !Take(ref text, (byte)'-') || !Number(ref text, 2, out var month)
            || !Take(ref text, (byte)'-') || !Number(ref text, 2, out var day))
            return false;
        int hour = 0, minute = 0, second = 0;
        var offset = TimeSpan.Zero;
        if (Take(ref text, (byte)'T') || Take(ref text, (byte)' '))
        {
            if (!Number(ref text, 2, out hour) || !Take(ref text, (byte)':') || !Number(ref text, 2, out minute))
                return false;
            if (Take(ref text, (byte)':'))
            {
                if (!Number(ref text, 2, out second))
                    return false;
                if (Take(ref text, (byte)'.'))
                    text = text.TrimStart("0123456789"u8);
            }
            if (!TryOffset(ref text, out offset))
                return false;
        }
        if (!text.IsEmpty || year is < 2 or > 9998 || month is < 1 or > 12 || day < 1
            || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        moment = new DateTimeOffset(year, month, day, hour, minute, second, offset);
        return true;
    }

    private static bool TryOffset(ref ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text.IsEmpty || Take(ref text, (byte)'Z'))
            return true;
        var west = Take(ref text, (byte)'-');
        if (!west && !Take(ref text, (byte)'+'))
            return false;
        if (!Number(ref text, 2, out var hours) || hours > 14)
            return false;
        Take(ref text, (byte)':');
        if (!Number(ref text, 2, out var minutes) || minutes > 59 || (hours == 14 && minutes > 0))
            return false;
        offset = new TimeSpan(hours, minutes, 0) * (west ? -1 : 1);
        return true;
    }

    private static bool Take(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected)
            return false;
        text = text[1..];
        return true;
    }

    private static bool Number(ref ReadOnlySpan<byte> text, int digits, out int value)
    {
        value = 0;
        if (text.Length < digits)
            return false;
        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiDigit((char)text[i]))
                return false;
            value = value * 10 + text[i] - '0';
        }
        text = text[digits..];
        return true;
    }
}
