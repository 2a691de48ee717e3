using System.Buffers;
using System.Globalization;
using System.Text;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Makes the destination of a rendered link: blanks around it are cut, everything that may not stand in a URL is
/// percent-encoded as UTF-8, an internationalized host becomes A-labels. What is already encoded stays as it is.
/// The result is printable ASCII.
/// </summary>
internal static class DestinationUrl
{
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'()*+,-./:;=?@[\\]_~"u8);

    /// <summary>Writes the URL; says whether a click token can carry it.</summary>
    public static LinkTarget Read(ReadOnlySpan<byte> rendered, ByteBuffer url)
    {
        url.Clear();
        var text = Trim(rendered);
        if (!IsHttp(text))
            return IsHarmful(text) ? LinkTarget.Harmful : LinkTarget.Other;
        if (text.Length > TrackingTokens.MaxUrlBytes)
            return LinkTarget.TooLong;
        var authority = text.IndexOf("//"u8) + 2;
        var end = text[authority..].IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        end = end < 0 ? text.Length : authority + end;
        if (!Ascii.IsValid(text[authority..end]))
        {
            if (!TryALabel(text[authority..end], out var host))
                return LinkTarget.Other;
            url.Write(text[..authority]);
            url.Write(host);
            text = text[end..];
        }
        if (text.ContainsAnyExcept(Plain))
        {
            foreach (var c in text)
                Append(c, url);
        }
        else
        {
            url.Write(text);
        }
        if (TrackingTokens.IsTrackable(url.Written))
            return LinkTarget.Web;
        return url.Length > TrackingTokens.MaxUrlBytes ? LinkTarget.TooLong : LinkTarget.Other;
    }

    public static bool IsHttp(ReadOnlySpan<byte> url) => HasScheme(url, "http"u8) || HasScheme(url, "https"u8);

    /// <summary>Whether following the link would run or show what the data brought along.</summary>
    private static bool IsHarmful(ReadOnlySpan<byte> url) =>
        HasScheme(url, "javascript"u8) || HasScheme(url, "vbscript"u8) || HasScheme(url, "data"u8);

    /// <summary>As browsers see it: blanks and control characters within the scheme do not count.</summary>
    private static bool HasScheme(ReadOnlySpan<byte> url, ReadOnlySpan<byte> scheme)
    {
        var matched = 0;
        foreach (var c in url)
        {
            if (c <= 0x20)
                continue;
            if (matched == scheme.Length)
                return c == (byte)':';
            if ((c | 0x20) != scheme[matched])
                return false;
            matched++;
        }
        return false;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && text[0] <= 0x20)
            text = text[1..];
        while (!text.IsEmpty && text[^1] <= 0x20)
            text = text[..^1];
        return text;
    }

    /// <summary>Tab, CR and LF do not count in a URL, wherever they stand (WHATWG URL, basic URL parser): a link wrapped over lines has one destination.</summary>
    private static void Append(byte c, ByteBuffer url)
    {
        if (c is 0x09 or 0x0A or 0x0D)
            return;
        if (Plain.Contains(c))
        {
            url.WriteByte(c);
            return;
        }
        url.WriteByte((byte)'%');
        url.WriteByte("0123456789ABCDEF"u8[c >> 4]);
        url.WriteByte("0123456789ABCDEF"u8[c & 15]);
    }

    /// <summary>Only a plain <c>host[:port]</c> is translated; user names beside a foreign host are not.</summary>
    private static bool TryALabel(ReadOnlySpan<byte> authority, out byte[] ascii)
    {
        ascii = [];
        var text = Encoding.UTF8.GetString(authority);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var port = colon < 0 ? "" : text[colon..];
        try
        {
            ascii = Encoding.ASCII.GetBytes(new IdnMapping().GetAscii(colon < 0 ? text : text[..colon]) + port);
            return !text.Contains('@', StringComparison.Ordinal) && Ascii.IsValid(port);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
