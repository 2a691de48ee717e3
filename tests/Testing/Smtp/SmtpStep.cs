namespace Delivery.Testing;

/// <summary>The points of a session at which a <see cref="ScriptedSmtpServer"/> speaks.</summary>
public enum SmtpStep
{
    Banner,
    Ehlo,
    Helo,
    StartTls,

    /// <summary>AUTH, and each line that answers a 334 to it.</summary>
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,

    /// <summary>BDAT has come; its octets are read after the script has answered and before the answer is sent.</summary>
    Bdat,
    Rset,
    Quit,
    Other,
}
