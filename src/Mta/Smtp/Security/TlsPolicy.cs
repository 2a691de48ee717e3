namespace Delivery.Mta.Smtp.Security;

/// <summary>How much TLS a connection to the relay must have.</summary>
internal enum TlsPolicy
{
    /// <summary>STARTTLS is never asked for.</summary>
    None,

    /// <summary>TLS where the relay offers it, whatever its certificate says; else in the clear.</summary>
    Opportunistic,

    /// <summary>TLS or no mail, whatever the certificate says.</summary>
    Required,

    /// <summary>TLS with a certificate whose chain and name are good, or no mail.</summary>
    Verified,
}
