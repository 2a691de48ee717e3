using System.Buffers;
using System.Globalization;
using System.Text;

namespace Delivery.Tracker.Clicks;

/// <summary>A destination as it may stand in a Location header (RFC 9110 section 10.2.2, RFC 3986).</summary>
internal static class LocationHeader
{
    private static readonly SearchValues<char> AsIs = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>
    /// The same URL in printable ASCII: an international host as A-labels, every other character that may not stand in a header
    /// or a URI percent-encoded as UTF-8. A URL that is clean already comes back as it is.
    /// </summary>
    /// <param name="url">Absolute, http or https, as <see cref="Contracts.Tokens.TrackingTokens.IsTrackable"/> lets through.</param>
    public static string Of(string url) => url.AsSpan().ContainsAnyExcept(AsIs) ? Encode(url) : url;

    private static string Encode(string url)
    {
        var start = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#') is var slash and >= 0 ? start + slash : url.Length;
        var builder = new StringBuilder(url.Length + 64);
        builder.Append(url, 0, start);
        AppendAuthority(builder, url.AsSpan(start, end - start));
        AppendEncoded(builder, url.AsSpan(end));
        return builder.ToString();
    }

    private static void AppendAuthority(StringBuilder builder, ReadOnlySpan<char> authority)
    {
        var host = authority.LastIndexOf('@') + 1;
        AppendEncoded(builder, authority[..host]);
        var rest = authority[host..];
        var colon = rest.LastIndexOf(':');
        var name = colon < 0 ? rest : rest[..colon];
        AppendEncoded(builder, Ascii.IsValid(name) ? name : ALabel(name.ToString()));
        AppendEncoded(builder, colon < 0 ? default : rest[colon..]);
    }

    private static string ALabel(string host)
    {
        try
        {
            return new IdnMapping { AllowUnassigned = true }.GetAscii(host.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return host;
        }
    }

    private static void AppendEncoded(StringBuilder builder, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && AsIs.Contains((char)rune.Value))
            {
                builder.Append((char)rune.Value);
                continue;
            }

            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
                builder.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
    }
}
