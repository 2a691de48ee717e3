namespace Delivery.Testing;

/// <summary>The points of a session at which a <see cref="ScriptedSmtpServer"/> speaks.</summary>
public enum SmtpStep
{
    Banner,
    Ehlo,
    Helo,
    Mail,
    Rcpt,
    Data,
    Dot,
    Rset,
    Quit,
    Other,
}
