using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Delivery.Cli.Up;

/// <summary><c>HOST:PORT</c>; an IPv6 address stands in brackets.</summary>
internal sealed record HostAndPort(string Host, int Port)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out HostAndPort? value)
    {
        value = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > ushort.MaxValue)
            return false;
        var host = text[..colon];
        if (host is ['[', .., ']'])
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            return false;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        value = new HostAndPort(host, port);
        return true;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
