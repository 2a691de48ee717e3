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
        else
        {
            attempt = default;
            return false;
        }
        return true;
    }

    private static DeliveryAttempt Refuse(FailureScope scope, ushort code, EnhancedStatus status, string text) =>
        new(AttemptResult.Refused, scope, new SmtpReply(code, status, text), null, false, SmtpStage.None);
}
