namespace Delivery.Testing;

/// <summary>The moment at which a script is asked for an answer.</summary>
/// <param name="Connection">The connection's ordinal, from 0.</param>
/// <param name="Transaction">The MAIL commands of the connection so far, less one; -1 before the first.</param>
/// <param name="Line">The command as it came, without its line end; empty for banner and dot.</param>
/// <param name="Recipient">The last RCPT's address of the transaction, or the one asked about; empty before.</param>
public sealed record SmtpExchange(SmtpStep Step, int Connection, int Transaction, string Line, string Recipient)
{
    /// <summary>The connection is under TLS.</summary>
    public bool IsSecure { get; init; }

    internal ScriptedSmtpSession? Session { get; init; }

    /// <summary>
    /// Completes when the client has sent the text after what this exchange is about, without having had its
    /// answer: only what was pipelined can arrive. Throws <see cref="TimeoutException"/> when it does not come.
    /// </summary>
    public Task WaitForPipelinedAsync(string text, TimeSpan deadline) => Session!.WaitForInputAsync(text, deadline);

    /// <summary>Whether the text has come already. See <see cref="WaitForPipelinedAsync"/>.</summary>
    public bool HasPipelined(string text) => Session!.HasInput(text);
}
