namespace Delivery.Mta.Jobs.Uploads;

/// <summary>The fields of one CSV record (RFC 4180), without their quotes. Reusable, not thread-safe.</summary>
internal sealed class CsvRecord
{
    private readonly List<int> _ends = [];
    private byte[] _text = new byte[1024];

    public int Count => _ends.Count;

    /// <summary>Valid until the next <see cref="TryRead"/>.</summary>
    public ReadOnlySpan<byte> this[int field] => _text.AsSpan((field == 0 ? 0 : _ends[field - 1])..(_ends[field]));

    /// <summary>False where a quote is out of place.</summary>
    public bool TryRead(ReadOnlySpan<byte> record)
    {
        _ends.Clear();
        if (_text.Length < record.Length)
            _text = new byte[record.Length];
        var length = 0;
        while (true)
        {
            if (record.StartsWith("\""u8))
            {
                if (!TryUnquote(ref record, ref length))
                    return false;
            }
            else
            {
                var end = record.IndexOf((byte)',');
                var field = end < 0 ? record : record[..end];
                field.CopyTo(_text.AsSpan(length));
                length += field.Length;
                record = record[field.Length..];
            }

            _ends.Add(length);
            if (record.IsEmpty)
                return true;
            record = record[1..];
        }
    }

    /// <summary>Takes a quoted field; on return <paramref name="rest"/> begins with a comma or is empty.</summary>
    private bool TryUnquote(ref ReadOnlySpan<byte> rest, ref int length)
    {
        rest = rest[1..];
        while (true)
        {
            var quote = rest.IndexOf((byte)'"');
            if (quote < 0)
                return false;
            rest[..quote].CopyTo(_text.AsSpan(length));
            length += quote;
            rest = rest[(quote + 1)..];
            if (rest.IsEmpty || rest[0] == (byte)',')
                return true;
            if (rest[0] != (byte)'"')
                return false;
            _text[length++] = (byte)'"';
            rest = rest[1..];
        }
    }
}
