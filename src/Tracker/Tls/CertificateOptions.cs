namespace Delivery.Tracker.Tls;

/// <summary>A certificate that the tracker serves by.</summary>
internal sealed class CertificateOptions
{
    /// <summary>File with the certificate in PEM, and behind it those that lead to its authority (<c>fullchain.pem</c>).</summary>
    public string Path { get; set; } = "";

    /// <summary>File with its private key in PEM, without a password; when left out, the key stands in <c>Path</c>.</summary>
    public string? KeyPath { get; set; }

    /// <summary>Names that it is served for, <c>*.example.com</c> for all one level below; when left out, those in the certificate.</summary>
    public IList<string> Hosts { get; init; } = [];
}
