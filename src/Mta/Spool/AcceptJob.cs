namespace Delivery.Mta.Spool;

/// <summary>
/// Takes a job: its row, its recipients, those rejected, its events and the answer to its idempotency key in one commit.
/// Where the key was seen before, or a cap of the account stands against it, nothing is written and <see cref="Earlier"/> holds the first answer.
/// </summary>
/// <param name="filledFrom">The earlier job whose recipients it is filled with; null where its recipients come from outside.</param>
internal sealed class AcceptJob(
    SpooledJob job, IReadOnlyList<SpooledRecipient> recipients, IReadOnlyList<OutboxEntry> events, string? idempotencyKey, byte[] bodyHash, byte[] response,
    IReadOnlyList<Rejection>? rejections = null, AccountCaps caps = default, ulong? filledFrom = null)
    : SpoolWrite
{
    /// <summary>Set where the idempotency key is taken.</summary>
    public IdempotentAnswer? Earlier { get; private set; }

    /// <summary>Set where a cap of the account stands against the job; nothing is written then.</summary>
    public CapReached? Cap { get; private set; }

    public override void Apply(SpoolSession session)
    {
        (Earlier, Cap) = (null, null);
        if (idempotencyKey is not null)
            Earlier = IdempotencyRows.Find(session, job.Account, idempotencyKey, job.CreatedMs);
        if (Earlier is not null)
            return;
        Cap = caps.AgainstJob(session, recipients.Count);
        if (Cap is not null)
            return;
        if (idempotencyKey is not null)
            IdempotencyRows.Insert(session, job.Account, idempotencyKey, bodyHash, response, job.CreatedMs);

        session.CountDay(job.Account, AccountCaps.DayOf(job.CreatedMs), recipients.Count);

        session.Run(
            """
            INSERT INTO job (id, account, created_ms, campaign_id, return_path, accepted, started_ms, lines, rejected, transactional, not_before_ms, expires_ms, max_rate)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            (long)job.Id, (long)job.Account, job.CreatedMs, job.CampaignId, job.ReturnPath, recipients.Count,
            job.IsOpen ? null : job.CreatedMs, job.IsOpen ? 0L : null, rejections?.Count ?? 0,
            job.Transactional ? 1 : 0, job.NotBeforeMs, job.ExpiresMs, job.MaxRate);
        session.Run(
            "INSERT INTO job_content (job, content, options, substitution_data, metadata) VALUES ($1, $2, $3, $4, $5)",
            (long)job.Id, job.Content, job.Options, job.SubstitutionData, job.Metadata);
        if (filledFrom is { } source)
            session.Run("INSERT INTO follow_up (job, source) VALUES ($1, $2)", (long)job.Id, (long)source);
        RecipientRows.Insert(session, recipients);
        RecipientRows.Insert(session, job.Id, rejections ?? []);
        session.Rejected(rejections?.Count ?? 0);
        foreach (var entry in events)
            session.Publish(entry);
    }
}
