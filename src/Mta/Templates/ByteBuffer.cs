using System.Buffers;

namespace Delivery.Mta.Templates;

/// <summary>
/// A growing run of bytes that its owner clears and fills again. Spans it hands out hold until the next write.
/// Not thread-safe.
/// </summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    /// <summary>Room over this is given back when the buffer is cleared.</summary>
    private const int KeptBytes = 1024 * 1024;

    private readonly int _capacity;
    private byte[] _bytes;

    public ByteBuffer(int capacity = 4096)
    {
        _capacity = capacity;
        _bytes = new byte[capacity];
    }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>What was written, for changes in place.</summary>
    public Span<byte> GetWrittenSpan() => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[_capacity];
    }

    /// <summary>Forgets what was written behind the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - Length));
        Length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void WriteByte(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
    }
}
