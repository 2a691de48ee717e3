namespace Delivery.Mta.Smtp;

/// <summary>What a reply means for the message it was given for.</summary>
internal static class ReplyOutcome
{
    /// <summary>
    /// For a reply that ends a message's transaction: any to the final dot, a refusal to what comes before.
    /// A class that the command does not allow counts as transient.
    /// </summary>
    public static DeliveryAttempt Of(in SmtpReply reply, SmtpStage stage, string host)
    {
        if (reply.IsClosing && stage != SmtpStage.Final)
            return new(AttemptResult.ConnectionLost, FailureScope.Session, reply, host, false, stage);
        if (reply.IsPositive && stage == SmtpStage.Final)
            return new(AttemptResult.Delivered, FailureScope.Message, reply, host, false, stage);

        var result = reply.IsPermanent && !WantsOtherSession(reply) ? AttemptResult.Refused : AttemptResult.Deferred;
        var uncertain = stage == SmtpStage.Final && !reply.IsPermanent && !reply.IsTransient;
        return new(result, Scope(reply, stage), reply, host, uncertain, stage);
    }

    private static FailureScope Scope(in SmtpReply reply, SmtpStage stage) => stage switch
    {
        _ when reply.IsClosing => FailureScope.Session,
        _ when WantsOtherSession(reply) => FailureScope.Site,
        SmtpStage.Mail => SpeaksOfSite(reply) ? FailureScope.Site : FailureScope.Message,
        SmtpStage.Rcpt => FailureScope.Recipient,
        _ => FailureScope.Message,
    };

    /// <summary>
    /// RFC 4954 section 6, RFC 3207 section 4: the relay wants TLS or a login first. That is the settings' fault and no
    /// message's, so it bounces none.
    /// </summary>
    private static bool WantsOtherSession(in SmtpReply reply) => reply.Code is 530 or 534 or 535 or 538;

    /// <summary>RFC 3463: subjects 3 (system), 4 (network) and 7 (policy), but 3.4 is about the message's size.</summary>
    private static bool SpeaksOfSite(in SmtpReply reply) => reply.Enhanced switch
    {
        { IsPresent: false } => reply.Code is 450 or 451 or 452,
        { Subject: 3, Detail: 4 } => false,
        { Subject: 3 or 4 or 7 } => true,
        _ => false,
    };
}
