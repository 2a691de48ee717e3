using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Mta.Smtp.Security;

/// <summary>What the connections of one pool know together of TLS with the relay. Thread-safe.</summary>
internal sealed class RelaySecurity
{
    private readonly SmtpOptions _options;
    private readonly TimeProvider _time;
    private readonly X509Certificate2Collection? _authorities;
    private long _clearUntil = long.MinValue;

    public RelaySecurity(SmtpOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _authorities = options.TlsCaFile is { } file ? Authorities(file) : null;
    }

    /// <summary>A connection that has no TLS carries no mail. Credentials need TLS whatever the policy.</summary>
    public bool NeedsTls => _options.Tls >= TlsPolicy.Required || _options.ImplicitTls || _options.User is not null;

    /// <summary>Whether STARTTLS is to be asked for where it is offered.</summary>
    public bool TriesStartTls => _options.Tls != TlsPolicy.None && !_options.ImplicitTls && !IsFallenBack;

    /// <summary>Connections go in the clear because a handshake has failed a short time ago.</summary>
    public bool IsFallenBack => !NeedsTls && _time.GetTimestamp() < Volatile.Read(ref _clearUntil);

    /// <summary>
    /// Negotiates TLS 1.2 or newer and owns the stream from then on. Throws <see cref="SmtpConnectionException"/> where that
    /// fails or the certificate is not what the policy asks for.
    /// </summary>
    public async Task<TlsChannel> HandshakeAsync(Stream stream, CancellationToken cancellation)
    {
        var name = _options.TlsServerName ?? _options.RelayHost;
        var check = new CertificateCheck(name, mustHold: _options.Tls == TlsPolicy.Verified);
        var ssl = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await ssl.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    AllowRenegotiation = false,
                    RemoteCertificateValidationCallback = check.Take,
                    CertificateChainPolicy = ChainPolicy(),
                },
                cancellation);
            return new TlsChannel(ssl, check.IsVerified);
        }
        catch (Exception e)
        {
            await ssl.DisposeAsync();
            if (e is OperationCanceledException) throw;
            if (e is not (AuthenticationException or IOException)) throw;
            throw check.Fault is { } fault && _options.Tls == TlsPolicy.Verified
                ? new SmtpConnectionException(SmtpLoss.Insecure, $"the relay's certificate {fault}, and Mta:Smtp:Tls is verified (see Mta:Smtp:TlsServerName and Mta:Smtp:TlsCaFile)", e)
                : new SmtpConnectionException(SmtpLoss.Insecure, "the TLS handshake failed: " + (e.InnerException ?? e).Message, e);
        }
    }

    /// <summary>A handshake after STARTTLS failed. True when connections go in the clear for a while from now on.</summary>
    public bool FallBack()
    {
        if (NeedsTls || _options.Tls != TlsPolicy.Opportunistic || _options.TlsFallback == TimeSpan.Zero) return false;
        Volatile.Write(ref _clearUntil, _time.GetTimestamp() + (long)(_options.TlsFallback.TotalSeconds * _time.TimestampFrequency));
        return true;
    }

    /// <summary>The certificates of a PEM file. Throws <see cref="System.Security.Cryptography.CryptographicException"/> or an I/O exception where there are none.</summary>
    public static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        if (authorities.Count == 0) throw new InvalidDataException("it holds no certificate in PEM");
        return authorities;
    }

    /// <summary>Nothing is fetched to judge a certificate: not its issuers, nor whether it was revoked.</summary>
    private X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (_authorities is null) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }
}
