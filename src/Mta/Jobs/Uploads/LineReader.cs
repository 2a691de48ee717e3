using System.Buffers;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>
/// Cuts a body of any length into lines, with memory for one line of at most <see cref="MaxLineBytes"/>. A longer one is told and skipped without being kept.
/// Not thread-safe.
/// </summary>
/// <param name="quoted">
/// Lines are CSV records (RFC 4180): a line break within a field that starts with a quote does not end them.
/// </param>
internal sealed class LineReader(Stream body, bool quoted) : IDisposable
{
    /// <summary>What one line may hold: a recipient's data at its own bound, and as much again.</summary>
    public const int MaxLineBytes = 512 * 1024;

    private const int FirstBytes = 128 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private CsvPlace _place;
    private int _start;
    private int _scanned;
    private int _end;
    private bool _begun;
    private bool _skipping;
    private bool _ended;

    /// <summary>The line without its end. Valid until the next call; empty where it is <see cref="TooLong"/>.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    public bool TooLong { get; private set; }

    /// <summary>The body, or what a line may hold, ended within quotes that this line opened: nobody knows where the next line begins.</summary>
    public bool Unclosed { get; private set; }

    /// <summary>Moves to the next line among the bytes at hand; where there is none, <see cref="FillAsync"/> gets more.</summary>
    public bool TryNext()
    {
        if (!_begun && !TrySkipMark())
            return false;
        var end = quoted ? RecordEnd() : LineEnd();
        if (end >= 0)
        {
            Deliver(end, end + 1);
            return true;
        }

        if (_end - _start > MaxLineBytes)
        {
            if (_place == CsvPlace.Quoted)
            {
                Unclosed = true;
                Deliver(_end, _end);
                return true;
            }

            _skipping = true;
            _start = _scanned = _end = 0;
        }

        if (!_ended || (_start == _end && !_skipping))
            return false;
        Unclosed = _place == CsvPlace.Quoted;
        Deliver(_end, _end);
        return true;
    }

    /// <summary>Reads on. False where the body has ended and all of it was taken.</summary>
    /// <exception cref="IOException">The connection broke; also the exceptions of the server and of decompression. What was begun is no line.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_ended)
            return false;
        MakeRoom();
        var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        _ended = read == 0;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Line = default;
    }

    /// <summary>A byte order mark may lead the body.</summary>
    private bool TrySkipMark()
    {
        if (_end < 3 && !_ended)
            return false;
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
            _start = _scanned = 3;
        return _begun = true;
    }

    private int LineEnd()
    {
        var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        if (at >= 0)
            return _scanned + at;
        _scanned = _end;
        return -1;
    }

    private int RecordEnd()
    {
        var bytes = _buffer.AsSpan(0, _end);
        while (_scanned < _end)
        {
            var at = _place switch
            {
                CsvPlace.Plain => bytes[_scanned..].IndexOfAny((byte)',', (byte)'\n'),
                CsvPlace.Quoted => bytes[_scanned..].IndexOf((byte)'"'),
                _ => 0,
            };
            if (at < 0)
            {
                _scanned = _end;
                break;
            }

            _scanned += at;
            var next = bytes[_scanned];
            if (next == (byte)'\n' && _place != CsvPlace.Quoted)
                return _scanned;
            _scanned++;
            _place = _place switch
            {
                CsvPlace.Quoted => CsvPlace.QuoteSeen,
                CsvPlace.QuoteSeen or CsvPlace.FieldStart when next == (byte)'"' => CsvPlace.Quoted,
                _ when next == (byte)',' => CsvPlace.FieldStart,
                _ => CsvPlace.Plain,
            };
        }

        return -1;
    }

    private void Deliver(int end, int next)
    {
        TooLong = _skipping || end - _start > MaxLineBytes;
        var line = TooLong ? default : _buffer.AsMemory(_start, end - _start);
        Line = line.Span.EndsWith("\r"u8) ? line[..^1] : line;
        _skipping = false;
        _place = CsvPlace.FieldStart;
        _start = _scanned = next;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _scanned -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private enum CsvPlace
    {
        FieldStart,
        Plain,
        Quoted,

        /// <summary>Behind a quote within quotes: it ends them, unless another follows.</summary>
        QuoteSeen,
    }
}
