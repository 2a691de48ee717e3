namespace Delivery.Mta.Spool;

/// <summary>Writes recipients, taken and rejected, inside a commit.</summary>
internal static class RecipientRows
{
    private const string InsertRecipient =
        """
        INSERT INTO recipient (job, ordinal, email, name, upstream_id, variant, key, substitution_data, metadata)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    public static void Insert(SpoolSession session, IReadOnlyList<SpooledRecipient> recipients)
    {
        for (var i = 0; i < recipients.Count; i++)
        {
            var recipient = recipients[i];
            session.Run(
                InsertRecipient,
                (long)recipient.Job, (long)recipient.Ordinal, recipient.Email, recipient.Name, recipient.UpstreamId, recipient.Variant,
                recipient.Key.ToBytes(), recipient.SubstitutionData, recipient.Metadata);
        }

        session.Opened(recipients.Count);
    }

    public static void Insert(SpoolSession session, ulong job, IReadOnlyList<Rejection> rejections)
    {
        for (var i = 0; i < rejections.Count; i++)
        {
            var rejection = rejections[i];
            session.Run("INSERT INTO rejection (job, line, email, reason) VALUES ($1, $2, $3, $4)", (long)job, rejection.Line, rejection.Email, rejection.Reason);
        }
    }
}
