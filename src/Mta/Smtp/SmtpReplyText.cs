using System.Text;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Smtp;

/// <summary>Gathers a reply's text within its cap, and makes a string of it only when asked. Not thread-safe.</summary>
internal sealed class SmtpReplyText
{
    private readonly byte[] _bytes = new byte[SmtpReply.MaxTextBytes];
    private readonly byte[] _lastBytes = new byte[SmtpReply.MaxTextBytes];
    private EnhancedStatus _status;
    private bool _any;
    private int _length;
    private int _lastLength;
    private string _lastString = "";

    public void Clear() => (_status, _any, _length) = (default, false, 0);

    /// <summary>Adds a line. An enhanced status is taken from the first and dropped where further lines repeat it.</summary>
    public void Append(ushort code, ReadOnlySpan<byte> line)
    {
        if (EnhancedStatus.TryParse(line, out var status, out var length) && status.Class == code / 100
            && (!_any || status == _status))
        {
            _status = status;
            line = line[length..];
        }
        _any = true;

        line = line.Trim((byte)' ');
        if (line.IsEmpty) return;
        if (_length is > 0 and < SmtpReply.MaxTextBytes) _bytes[_length++] = (byte)' ';
        var room = Math.Min(line.Length, SmtpReply.MaxTextBytes - _length);
        line[..room].CopyTo(_bytes.AsSpan(_length));
        _length += room;
    }

    public SmtpReply ToReply(ushort code, SecretScrubber? scrubber = null)
    {
        var text = _bytes.AsSpan(0, _length);
        // A relay says the same words thousands of times over.
        if (!text.SequenceEqual(_lastBytes.AsSpan(0, _lastLength)))
        {
            _lastString = scrubber?.Scrub(Clean(text)) ?? Clean(text);
            text.CopyTo(_lastBytes);
            _lastLength = _length;
        }
        return new SmtpReply(code, _status, _lastString);
    }

    private static string Clean(ReadOnlySpan<byte> text)
    {
        var clean = new StringBuilder(text.Length);
        var bytes = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var used);
            text = text[used..];
            if (Rune.IsControl(rune)) rune = new Rune('?');
            bytes += rune.Utf8SequenceLength;
            if (bytes > SmtpReply.MaxTextBytes) break;
            clean.Append(rune.ToString());
        }
        return clean.ToString();
    }
}
