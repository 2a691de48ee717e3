using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Writes a destination that <see cref="DestinationUrl"/> has made where a reader follows it without the tracker.</summary>
internal static class PlainUrl
{
    /// <param name="html">Whether it stands in an attribute; '"', '&lt;' and '>' are percent-encoded already.</param>
    public static void Write(ReadOnlySpan<byte> url, bool html, ByteBuffer output)
    {
        while (html && url.IndexOfAny((byte)'&', (byte)'\'') is >= 0 and var at)
        {
            output.Write(url[..at]);
            output.Write(url[at] == (byte)'&' ? "&amp;"u8 : "&#39;"u8);
            url = url[(at + 1)..];
        }
        output.Write(url);
    }
}
