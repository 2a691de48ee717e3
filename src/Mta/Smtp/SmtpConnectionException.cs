namespace Delivery.Mta.Smtp;

/// <summary>The connection is dead; never thrown for a refused message. Its text is safe to show and log.</summary>
internal sealed class SmtpConnectionException(SmtpLoss loss, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public SmtpLoss Loss { get; } = loss;

    /// <summary>The reply with which the peer ended the session, where there was one.</summary>
    public SmtpReply Reply { get; init; }
}
