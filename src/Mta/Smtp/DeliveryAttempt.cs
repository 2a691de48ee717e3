namespace Delivery.Mta.Smtp;

/// <summary>What came of handing one message to a connection; given to <see cref="OutgoingMessage.Complete"/> once.</summary>
/// <param name="Scope">Meaningless for <see cref="AttemptResult.Delivered"/>.</param>
/// <param name="Reply">
/// The reply that decided. Code 0 where none came (connection lost); its text then says what happened.
/// A refusal made here looks like a peer's, with <see cref="MxHost"/> null.
/// </param>
/// <param name="MxHost">The peer as configured, host:port; null where no peer had a say.</param>
/// <param name="Uncertain">
/// The body and its final dot were handed to the socket and no answer to them was read (RFC 1047):
/// sending the message again may make a second copy.
/// </param>
/// <param name="Stage">The command whose reply decided, or the last one sent when the connection was lost.</param>
internal readonly record struct DeliveryAttempt(
    AttemptResult Result,
    FailureScope Scope,
    SmtpReply Reply,
    string? MxHost,
    bool Uncertain,
    SmtpStage Stage);
