using Delivery.Contracts.Access;

namespace Delivery.Mta.Spool;

/// <summary>What an account may have taken, looked at inside the commit that takes it; null is any number.</summary>
/// <param name="NowMs">Unix milliseconds: tells the day.</param>
internal readonly record struct AccountCaps(uint Account, long NowMs, long? RecipientsPerDay, int? Jobs)
{
    public static AccountCaps Of(Account? account, uint id, long nowMs) => new(id, nowMs, account?.MaxRecipientsPerDay, account?.MaxJobs);

    private const long DayMs = 24 * 60 * 60 * 1000;

    /// <summary>Days since 1970, of UTC.</summary>
    public long Day => DayOf(NowMs);

    /// <summary>Until the next day of UTC, at least 1.</summary>
    public long SecondsLeft => ((Day + 1) * DayMs - NowMs + 999) / 1000;

    public static long DayOf(long ms) => ms / DayMs;

    /// <summary>What stands against a new job of so many recipients; null where nothing does.</summary>
    public CapReached? AgainstJob(SpoolSession session, int recipients)
    {
        if (Jobs is { } jobs)
        {
            using var row = session.Read(
                """
                SELECT (SELECT count(*) FROM job WHERE delivered + bounced + expired + dropped < accepted AND account = $1 AND held <> 2)
                  + (SELECT count(*) FROM job WHERE started_ms IS NULL AND accepted = 0 AND account = $1 AND held <> 2)
                """,
                (long)Account);
            row.Read();
            if (row.GetInt64(0) >= jobs)
                return new CapReached(CapReached.JobsName, jobs, row.GetInt64(0), null);
        }

        return AgainstRecipients(session, recipients);
    }

    /// <summary>What stands against so many recipients more; null where nothing does.</summary>
    public CapReached? AgainstRecipients(SpoolSession session, int recipients) =>
        RecipientsPerDay is { } most && recipients > 0 && session.CountOfDay(Account, Day) is var taken && taken + recipients > most
            ? new CapReached(CapReached.RecipientsName, most, taken, recipients > most ? null : SecondsLeft, recipients)
            : null;
}
