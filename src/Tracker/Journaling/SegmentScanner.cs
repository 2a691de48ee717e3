using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Delivery.Tracker.Journaling;

/// <summary>Reads a segment's entries in order through one pooled buffer, and checks each. One thread at a time.</summary>
internal sealed class SegmentScanner
{
    private const int ChunkBytes = 256 * 1024;
    private byte[] _buffer = [];
    private SafeFileHandle? _file;
    private long _bufferAt;
    private int _filled;

    /// <summary>Where the next entry begins.</summary>
    public long At { get; private set; }

    public void Open(SafeFileHandle file, long at)
    {
        if (!ReferenceEquals(file, _file))
            _filled = 0;
        _file = file;
        At = at;
    }

    /// <summary>
    /// The entry at <see cref="At"/>, and moves behind it; <paramref name="body"/> is valid until the next call. False at
    /// <paramref name="limit"/>, and with <paramref name="damaged"/> where something else than a whole sound entry stands before it.
    /// </summary>
    public bool TryNext(long limit, out JournalEntryHeader header, out ReadOnlySpan<byte> body, out bool damaged)
    {
        body = default;
        header = default;
        damaged = false;
        if (At >= limit)
            return false;
        damaged = !Have(JournalEntryHeader.Size, limit)
            || !JournalEntryHeader.TryRead(Bytes(JournalEntryHeader.Size), out header)
            || !Have(header.TotalBytes, limit)
            || !JournalEntryHeader.IsSound(Bytes(header.TotalBytes));
        if (damaged)
            return false;
        body = Bytes(header.TotalBytes)[JournalEntryHeader.Size..];
        At += header.TotalBytes;
        return true;
    }

    /// <summary>The entry that was just read is the next one again.</summary>
    public void StepBack(in JournalEntryHeader header) => At -= header.TotalBytes;

    /// <summary>Gives the buffer back. Goes on at <see cref="At"/> when it is called again.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _filled = 0;
        _file = null;
    }

    private ReadOnlySpan<byte> Bytes(int bytes) => _buffer.AsSpan((int)(At - _bufferAt), bytes);

    private bool Have(int bytes, long limit)
    {
        if (limit - At < bytes)
            return false;
        if (_filled > 0 && At >= _bufferAt && At + bytes <= _bufferAt + _filled)
            return true;
        if (_buffer.Length < bytes)
        {
            if (_buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, ChunkBytes));
        }

        _bufferAt = At;
        var wanted = (int)Math.Min(_buffer.Length, limit - At);
        for (_filled = 0; _filled < wanted;)
        {
            var read = RandomAccess.Read(_file!, _buffer.AsSpan(_filled, wanted - _filled), At + _filled);
            if (read == 0)
                break;
            _filled += read;
        }

        return _filled >= bytes;
    }
}
