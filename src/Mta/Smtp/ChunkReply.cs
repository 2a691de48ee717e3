namespace Delivery.Mta.Smtp;

/// <summary>Whether a reply can be the one that is due, when a body may be on the wire behind the command. Thread-safe.</summary>
internal static class ChunkReply
{
    /// <summary>
    /// The peer took the command, or refused it and read what belongs to it. Anything else is a peer that is out of step with us,
    /// or one that did not know the command and goes on to read the body as commands.
    /// </summary>
    /// <param name="stage">Of the command; <see cref="SmtpStage.None"/> for RSET, <see cref="SmtpStage.Final"/> for BDAT.</param>
    /// <param name="refused">An earlier command of the transaction was refused, so that this one has to be.</param>
    public static bool Fits(ushort code, SmtpStage stage, bool refused) => (code / 100) switch
    {
        2 => !refused || stage == SmtpStage.None,
        _ when stage == SmtpStage.None => false,
        4 => true,
        5 => code is not (500 or 502)
            && (code is not (501 or 504) || stage != SmtpStage.Final)
            && (code != 503 || refused),
        _ => false,
    };
}
