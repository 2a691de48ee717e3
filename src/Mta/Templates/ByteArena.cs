namespace Delivery.Mta.Templates;

/// <summary>
/// Room for the strings that a render computes. A rented run stays where it is until <see cref="Reset"/>;
/// it is taken back only by the last <see cref="Commit"/>.
/// </summary>
internal sealed class ByteArena
{
    private const int ChunkBytes = 16 * 1024;
    private byte[] _chunk = new byte[ChunkBytes];
    private int _used;

    public void Reset()
    {
        _used = 0;
        if (_chunk.Length > ChunkBytes * 16)
            _chunk = new byte[ChunkBytes];
    }

    public Span<byte> Rent(int length)
    {
        if (_chunk.Length - _used < length)
        {
            _chunk = new byte[Math.Max(length, ChunkBytes)];
            _used = 0;
        }
        return _chunk.AsSpan(_used, length);
    }

    /// <summary>Keeps the first <paramref name="length"/> bytes of what was last rented, as a string.</summary>
    public TemplateValue Commit(int length)
    {
        var value = TemplateValue.OfString(_chunk, _used, length);
        _used += length;
        return value;
    }

    public TemplateValue CommitNumber(int length, double number)
    {
        var value = TemplateValue.OfNumber(_chunk, _used, length, number);
        _used += length;
        return value;
    }
}
