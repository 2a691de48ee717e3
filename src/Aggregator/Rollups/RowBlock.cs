namespace Delivery.Aggregator.Rollups;

/// <summary>Rows of RowBinary, one after another, with where each begins. Grows and is reused; one owner at a time.</summary>
internal sealed class RowBlock(int capacityBytes = 4096)
{
    private readonly List<int> _starts = [];
    private byte[] _bytes = new byte[capacityBytes];
    private int _length;

    public int Count => _starts.Count;

    /// <summary>All rows. Valid until the block changes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>One row. Valid until the block changes.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var start = _starts[row];
            var end = row + 1 < _starts.Count ? _starts[row + 1] : _length;
            return _bytes.AsSpan(start, end - start);
        }
    }

    public void Clear()
    {
        _starts.Clear();
        _length = 0;
    }

    /// <summary>Adds a row of two pieces.</summary>
    public void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        var size = head.Length + tail.Length;
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, _length + (long)size)));
        _starts.Add(_length);
        head.CopyTo(_bytes.AsSpan(_length));
        tail.CopyTo(_bytes.AsSpan(_length + head.Length));
        _length += size;
    }

    public void Add(ReadOnlySpan<byte> row) => Add(row, default);
}
