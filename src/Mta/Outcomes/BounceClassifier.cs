using Delivery.Contracts.Events;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Outcomes;

/// <summary>Tells the bounce class of a reply by its enhanced status (RFC 3463), else by its code (RFC 5321 section 4.2.3).</summary>
internal static class BounceClassifier
{
    public static BounceClass Classify(in SmtpReply reply)
    {
        var status = reply.Enhanced;
        if (status.IsPresent)
        {
            switch (status.Subject, status.Detail)
            {
                case (1, 1) or (1, 2) or (1, 3) or (1, 6) or (1, 10):
                    return BounceClass.InvalidRecipient;
                case (2, 1):
                    return reply.IsPermanent ? BounceClass.InvalidRecipient : BounceClass.SoftBounce;
                case (2, 2):
                    return BounceClass.MailboxFull;
                case (2, 3) or (3, 4):
                    return BounceClass.TooLarge;
                case (4, 3) or (4, 4):
                    return BounceClass.DnsFailure;
                case (4, 7):
                    return BounceClass.Timeout;
                case (7, 1):
                    return reply.Code == 550 && reply.Text.Contains("relay", StringComparison.OrdinalIgnoreCase)
                        ? BounceClass.RelayingDenied
                        : BounceClass.MailBlock;
                case (7, _):
                    return BounceClass.MailBlock;
                default:
                    break;
            }
        }

        return reply.Code switch
        {
            552 => BounceClass.MailboxFull,
            550 or 551 or 553 => status.IsPresent ? BounceClass.GenericBounce : BounceClass.InvalidRecipient,
            >= 500 => BounceClass.GenericBounce,
            >= 400 => BounceClass.SoftBounce,
            _ => BounceClass.Undetermined,
        };
    }
}
