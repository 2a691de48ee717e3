using System.Text;

namespace Delivery.Cli.Demo.Mime;

/// <summary>A message or a part of one. Immutable.</summary>
internal sealed class MimePart(IReadOnlyList<MimeHeader> headers, MimeContentType type, byte[] content, IReadOnlyList<MimePart> children)
{
    public IReadOnlyList<MimeHeader> Headers => headers;

    public MimeContentType Type => type;

    /// <summary>The content without its transfer encoding; empty for a multipart.</summary>
    public ReadOnlyMemory<byte> Content => content;

    public IReadOnlyList<MimePart> Children => children;

    /// <summary>The first header of that name, encoded-words decoded, or null.</summary>
    public string? Header(string name)
    {
        foreach (var header in headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return EncodedWordReader.Decode(header.Value);
        }

        return null;
    }

    /// <summary>This part or the first one below it with the media type, such as <c>text/html</c>.</summary>
    public MimePart? Find(string mediaType)
    {
        if (type.MediaType == mediaType)
            return this;
        foreach (var child in children)
        {
            if (child.Find(mediaType) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The content as text.</summary>
    /// <exception cref="FormatException">The charset is not UTF-8 or US-ASCII, or the bytes do not fit it.</exception>
    public string Text()
    {
        var charset = type.Parameters.GetValueOrDefault("charset", "us-ascii").ToLowerInvariant();
        try
        {
            return charset switch
            {
                "utf-8" => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content),
                "us-ascii" => Encoding.GetEncoding("us-ascii", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(content),
                _ => throw new FormatException($"the charset {charset} is neither UTF-8 nor US-ASCII"),
            };
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException($"a {type.MediaType} part is not valid {charset}");
        }
    }
}
