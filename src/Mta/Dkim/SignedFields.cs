using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Dkim;

/// <summary>
/// Which header fields a signature covers, and their relaxed form (RFC 6376 sections 3.4.2 and 5.4): those that a reader sees or a mail
/// program acts on. Received, Return-Path, X-… and the like are left out, for those on the way add and change them. Not thread-safe.
/// </summary>
internal sealed class SignedFields
{
    /// <summary>In the order of <c>h=</c>. Those that must not be added on the way are named once more than they occur.</summary>
    private static readonly (byte[] Name, bool Sealed)[] Known =
    [
        ("from"u8.ToArray(), true), ("to"u8.ToArray(), true), ("cc"u8.ToArray(), true), ("reply-to"u8.ToArray(), true), ("subject"u8.ToArray(), true),
        ("date"u8.ToArray(), true), ("message-id"u8.ToArray(), true), ("mime-version"u8.ToArray(), true), ("content-type"u8.ToArray(), true),
        ("content-transfer-encoding"u8.ToArray(), true), ("list-unsubscribe"u8.ToArray(), true), ("list-unsubscribe-post"u8.ToArray(), true),
        ("list-id"u8.ToArray(), false), ("list-help"u8.ToArray(), false), ("list-subscribe"u8.ToArray(), false), ("list-post"u8.ToArray(), false),
        ("list-owner"u8.ToArray(), false), ("list-archive"u8.ToArray(), false), ("feedback-id"u8.ToArray(), false), ("in-reply-to"u8.ToArray(), false),
        ("references"u8.ToArray(), false), ("auto-submitted"u8.ToArray(), false), ("precedence"u8.ToArray(), false), ("organization"u8.ToArray(), false),
        ("importance"u8.ToArray(), false), ("content-language"u8.ToArray(), false),
    ];

    private readonly List<(int Known, int Start, int End)> _found = [];

    /// <summary>The names for <c>h=</c>, with colons between them.</summary>
    public ByteBuffer Names { get; } = new(512);

    /// <summary>The relaxed form of the fields, in the order of the names, each with its CRLF.</summary>
    public ByteBuffer Canonical { get; } = new(4 * 1024);

    /// <param name="header">The fields with their CRLFs, without the empty line.</param>
    public void Read(ReadOnlySpan<byte> header)
    {
        Find(header);
        Names.Clear();
        Canonical.Clear();
        for (var known = 0; known < Known.Length; known++)
        {
            // The last of several is the first to be signed (RFC 6376 section 5.4.2).
            for (var i = _found.Count - 1; i >= 0; i--)
            {
                if (_found[i].Known != known)
                    continue;
                Name(known);
                Relax(header[_found[i].Start.._found[i].End], Canonical);
                Canonical.Write("\r\n"u8);
            }

            if (Known[known].Sealed)
                Name(known);
        }
    }

    /// <summary>Writes a field in its relaxed form (RFC 6376 section 3.4.2), without a CRLF at its end.</summary>
    public static void Relax(ReadOnlySpan<byte> field, ByteBuffer output)
    {
        var colon = field.IndexOf((byte)':');
        var name = field[..colon].TrimEnd(" \t"u8);
        var start = output.Length;
        output.Write(name);
        output.Write(":"u8);
        Ascii.ToLowerInPlace(output.GetWrittenSpan().Slice(start, name.Length), out _);
        var value = field[(colon + 1)..];
        var begun = false;
        var blank = false;
        while (!value.IsEmpty)
        {
            var word = value.IndexOfAny(" \t\r"u8);
            word = word < 0 ? value.Length : word;
            if (word == 0 && (value[0] != (byte)'\r' || value.StartsWith("\r\n"u8)))
            {
                blank |= value[0] != (byte)'\r';
                value = value[(value[0] == (byte)'\r' ? 2 : 1)..];
                continue;
            }

            if (blank && begun)
                output.WriteByte((byte)' ');
            blank = false;
            begun = true;
            output.Write(value[..Math.Max(word, 1)]);
            value = value[Math.Max(word, 1)..];
        }
    }

    private void Find(ReadOnlySpan<byte> header)
    {
        _found.Clear();
        var start = 0;
        while (start < header.Length)
        {
            var end = start;
            do
            {
                var line = header[end..].IndexOf("\r\n"u8);
                end = line < 0 ? header.Length : end + line + 2;
            }
            while (end < header.Length && header[end] is (byte)' ' or (byte)'\t');
            var field = header[start..end];
            var colon = field.IndexOf((byte)':');
            if (colon > 0 && IndexOf(field[..colon].TrimEnd(" \t"u8)) is >= 0 and var known)
                _found.Add((known, start, end));
            start = end;
        }
    }

    private void Name(int known)
    {
        if (Names.Length > 0)
            Names.WriteByte((byte)':');
        Names.Write(Known[known].Name);
    }

    private static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Known.Length; i++)
        {
            if (Known[i].Name.Length == name.Length && Ascii.EqualsIgnoreCase(Known[i].Name, name))
                return i;
        }

        return -1;
    }
}
