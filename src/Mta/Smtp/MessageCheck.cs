using System.Text;

namespace Delivery.Mta.Smtp;

/// <summary>Refuses here what the peer would have to refuse, or what must not reach it. Thread-safe.</summary>
internal static class MessageCheck
{
    /// <summary>True when no byte of the message may be sent; the attempt then is its outcome.</summary>
    public static bool TryRefuse(OutgoingMessage message, SmtpCapabilities peer, out DeliveryAttempt attempt)
    {
        var from = message.EnvelopeFrom.Span;
        var to = message.EnvelopeTo.Span;
        if (!EnvelopeAddress.IsSafe(to))
            attempt = Refuse(FailureScope.Recipient, 553, new(5, 1, 3), "the recipient's address cannot be used in SMTP");
        else if (from.Length > 0 && !EnvelopeAddress.IsSafe(from))
            attempt = Refuse(FailureScope.Message, 553, new(5, 1, 7), "the sender's address cannot be used in SMTP");
        else if (!peer.SmtpUtf8 && !Ascii.IsValid(to))
            attempt = Refuse(FailureScope.Recipient, 553, new(5, 6, 7), "the recipient's address needs SMTPUTF8, which the peer does not offer");
        else if (!peer.SmtpUtf8 && !Ascii.IsValid(from))
            attempt = Refuse(FailureScope.Message, 553, new(5, 6, 7), "the sender's address needs SMTPUTF8, which the peer does not offer");
        else if (peer.MaxBytes > 0 && message.Length > peer.MaxBytes)
            attempt = Refuse(FailureScope.Message, 552, new(5, 3, 4), "the message is larger than the peer takes");
        else if (peer is { SmtpUtf8: true, EightBitMime: true } || Ascii.IsValid(message.Body.Span))
        {
            attempt = default;
            return false;
        }
        else
        {
            return TryRefuseBytes(message.Body.Span, peer, out attempt);
        }
        return true;
    }

    /// <summary>For a body that is not ASCII: its header needs SMTPUTF8 (RFC 6532), what follows it 8BITMIME (RFC 6152).</summary>
    private static bool TryRefuseBytes(ReadOnlySpan<byte> message, SmtpCapabilities peer, out DeliveryAttempt attempt)
    {
        attempt = default;
        var header = SmtpWriter.Header(message);
        if (!peer.SmtpUtf8 && !Ascii.IsValid(header))
            attempt = Refuse(FailureScope.Message, 553, new(5, 6, 7), "an address in the message's header needs SMTPUTF8, which the peer does not offer");
        else if (!peer.EightBitMime && !Ascii.IsValid(message[header.Length..]))
            attempt = Refuse(FailureScope.Message, 554, new(5, 6, 3), "the message's body has 8-bit bytes and needs 8BITMIME, which the peer does not offer");
        return attempt.Reply.Code != 0;
    }

    private static DeliveryAttempt Refuse(FailureScope scope, ushort code, EnhancedStatus status, string text) =>
        new(AttemptResult.Refused, scope, new SmtpReply(code, status, text), null, false, SmtpStage.None);
}
