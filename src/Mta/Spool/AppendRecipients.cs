namespace Delivery.Mta.Spool;

/// <summary>
/// Takes the next lines of an open job: its recipients, those rejected, their events and how many lines were taken, in one commit.
/// </summary>
/// <param name="before">What the job had taken before: another number in the spool fails the write, so that no line is taken twice.</param>
/// <param name="lines">Lines taken with these.</param>
/// <param name="rejected">Lines of these that were rejected, also where <paramref name="rejections"/> does not name them all.</param>
internal sealed class AppendRecipients(
    ulong job, UploadMark before, long lines, int rejected, IReadOnlyList<SpooledRecipient> recipients, IReadOnlyList<Rejection> rejections,
    IReadOnlyList<OutboxEntry> events, AccountCaps caps)
    : SpoolWrite
{
    public AccountCaps Caps { get; } = caps;

    /// <summary>Set where a cap of the account stands against these; nothing is written then.</summary>
    public CapReached? Cap { get; private set; }

    /// <summary>Recipients of the day once this is on disk.</summary>
    public long CountOfDay { get; private set; }

    /// <summary>What the job has taken once this is on disk.</summary>
    public UploadMark After { get; } = new(lines, before.Accepted + recipients.Count, before.Rejected + rejected);

    /// <exception cref="JobNotOpenException">The job was started meanwhile.</exception>
    public override void Apply(SpoolSession session)
    {
        Cap = Caps.AgainstRecipients(session, recipients.Count);
        if (Cap is not null)
            return;
        var changed = session.Run(
            "UPDATE job SET lines = $4, accepted = $5, rejected = $6 WHERE id = $1 AND lines = $2 AND accepted = $3 AND started_ms IS NULL",
            (long)job, before.Lines, before.Accepted, After.Lines, After.Accepted, After.Rejected);
        if (changed != 1)
            throw new JobNotOpenException(job);
        session.CountDay(Caps.Account, Caps.Day, recipients.Count);
        CountOfDay = session.CountOfDay(Caps.Account, Caps.Day);
        RecipientRows.Insert(session, recipients);
        RecipientRows.Insert(session, job, rejections);
        session.Rejected(rejected);
        for (var i = 0; i < events.Count; i++)
            session.Publish(events[i]);
    }
}
