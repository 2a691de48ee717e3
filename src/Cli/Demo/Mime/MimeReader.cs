using System.Text;

namespace Delivery.Cli.Demo.Mime;

/// <summary>
/// Reads a message as a mail client gets it: header fields, multiparts (RFC 2046), transfer encodings. Written apart from
/// what the Mta composes with, and strict, so that it checks it.
/// </summary>
internal static class MimeReader
{
    private const int MaxDepth = 8;

    /// <param name="message">Lines end with CR LF.</param>
    /// <exception cref="FormatException">The message breaks a rule; the text says which.</exception>
    public static MimePart Read(ReadOnlySpan<byte> message) => ReadPart(message, MimeContentType.Default, 0);

    private static MimePart ReadPart(ReadOnlySpan<byte> part, MimeContentType otherwise, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException($"more than {MaxDepth} multiparts within one another");
        var headers = ReadHeaders(ref part);
        var type = Find(headers, "Content-Type") is { } value ? MimeContentType.Parse(value) : otherwise;
        if (!type.MediaType.StartsWith("multipart/", StringComparison.Ordinal))
            return new MimePart(headers, type, TransferDecoding.Decode(Find(headers, "Content-Transfer-Encoding") ?? "7bit", part), []);
        if (!type.Parameters.TryGetValue("boundary", out var boundary) || boundary.Length is 0 or > 70)
            throw new FormatException("a multipart has no boundary of 1 to 70 characters");
        var children = new List<MimePart>();
        foreach (var (start, length) in Split(part, Encoding.ASCII.GetBytes("--" + boundary)))
            children.Add(ReadPart(part.Slice(start, length), MimeContentType.Default, depth + 1));
        return new MimePart(headers, type, [], children);
    }

    private static List<MimeHeader> ReadHeaders(ref ReadOnlySpan<byte> part)
    {
        var headers = new List<MimeHeader>();
        while (!part.IsEmpty)
        {
            var line = Line(ref part);
            if (line.IsEmpty)
                return headers;
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                if (headers.Count == 0)
                    throw new FormatException("the first header line is a continuation");
                headers[^1] = headers[^1] with { Value = headers[^1].Value + Encoding.UTF8.GetString(line) };
                continue;
            }

            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
                throw new FormatException($"'{Encoding.UTF8.GetString(line)}' is no header field");
            headers.Add(new MimeHeader(Encoding.ASCII.GetString(line[..colon]), Encoding.UTF8.GetString(line[(colon + 1)..]).TrimStart()));
        }

        return headers;
    }

    /// <summary>The places between delimiter lines. The line break before a delimiter belongs to it.</summary>
    private static List<(int Start, int Length)> Split(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
    {
        var parts = new List<(int, int)>();
        int at = 0, open = -1;
        while (at < body.Length)
        {
            var rest = body[at..];
            var begin = at;
            var line = Line(ref rest);
            at = body.Length - rest.Length;
            if (!line.StartsWith(delimiter))
                continue;
            var tail = line[delimiter.Length..].Trim(" \t"u8);
            if (!tail.IsEmpty && !tail.SequenceEqual("--"u8))
                continue;
            if (open >= 0)
                parts.Add((open, Math.Max(0, begin - 2 - open)));
            if (!tail.IsEmpty)
                return parts;
            open = at;
        }

        throw new FormatException("a multipart has no closing delimiter");
    }

    /// <summary>The next line without its CR LF; a CR or LF that stands alone is an error.</summary>
    private static ReadOnlySpan<byte> Line(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            var last = text;
            text = default;
            return last;
        }

        if (text[end] == '\n' || end + 1 >= text.Length || text[end + 1] != '\n')
            throw new FormatException("a line does not end with CR LF");
        var line = text[..end];
        text = text[(end + 2)..];
        return line;
    }

    private static string? Find(List<MimeHeader> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return header.Value;
        }

        return null;
    }
}
