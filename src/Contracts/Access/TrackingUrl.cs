using System.Diagnostics.CodeAnalysis;

namespace Delivery.Contracts.Access;

/// <summary>The address under which readers of an account's mail reach the tracker.</summary>
public static class TrackingUrl
{
    /// <summary>How it must look, for messages.</summary>
    public const string Form = "https://links.example.com: http or https, a host in A-labels, a port where it needs one, and nothing behind";

    /// <summary>True for an absolute http or https URL of nothing but host and port.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0
        && System.Text.Ascii.IsValid(text) && !text.Contains('\\', StringComparison.Ordinal) && url.HostNameType != UriHostNameType.Basic;
}
