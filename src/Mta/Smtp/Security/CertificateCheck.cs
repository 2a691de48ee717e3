using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Mta.Smtp.Security;

/// <summary>Looks at a relay's certificate (RFC 3207 section 4.1, RFC 6125) and remembers what it saw. For one handshake.</summary>
/// <param name="name">The name that the certificate must be for.</param>
/// <param name="mustHold">Whether a certificate with a fault ends the handshake.</param>
internal sealed class CertificateCheck(string name, bool mustHold)
{
    /// <summary>The chain leads to a trusted root, nothing in it has expired, and the name is right.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>What is wrong, in words to go on after "the relay's certificate"; null where nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>A <see cref="RemoteCertificateValidationCallback"/>.</summary>
    public bool Take(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        IsVerified = errors == SslPolicyErrors.None;
        Fault = IsVerified ? null : Describe(chain, errors);
        return IsVerified || !mustHold;
    }

    private string Describe(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "is missing";
        var faults = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) faults.Add($"is not for the name {name}");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var status = chain is null ? X509ChainStatusFlags.PartialChain : chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
            if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) faults.Add("has expired or is not valid yet");
            if ((status & ~X509ChainStatusFlags.NotTimeValid) is var rest and not X509ChainStatusFlags.NoError) faults.Add($"does not lead to a trusted root ({rest})");
        }
        return string.Join(" and ", faults);
    }
}
