namespace Delivery.Mta.Jobs.Uploads;

/// <summary>
/// A compressed body that takes back what its decompressor read beyond its end: .NET's gives those bytes back to a stream that can seek,
/// and passes them over in silence otherwise. Reads forward only, but for that. Not thread-safe.
/// </summary>
internal sealed class CompressedBody(Stream body) : Stream
{
    /// <summary>The most that one read takes, and so the most that can be given back.</summary>
    private const int BlockBytes = 8 * 1024;

    private readonly byte[] _last = new byte[BlockBytes];
    private int _length;
    private int _givenBack;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether bytes are left that the decompressor did not take.</summary>
    public async ValueTask<bool> HasMoreAsync(CancellationToken cancellation) =>
        _givenBack > 0 || await body.ReadAsync(new byte[1], cancellation).ConfigureAwait(false) > 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_givenBack > 0)
        {
            var again = Math.Min(_givenBack, buffer.Length);
            _last.AsMemory(_length - _givenBack, again).CopyTo(buffer);
            _givenBack -= again;
            return again;
        }

        var block = buffer[..Math.Min(buffer.Length, BlockBytes)];
        var read = await body.ReadAsync(block, cancellationToken).ConfigureAwait(false);
        if (read > 0)
        {
            block[..read].CopyTo(_last);
            _length = read;
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Goes back by what was read last, or less.</summary>
    public override long Seek(long offset, SeekOrigin origin)
    {
        if (origin != SeekOrigin.Current || offset > 0 || -offset > _length - _givenBack)
            throw new NotSupportedException();
        _givenBack -= (int)offset;
        return 0;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
