using Delivery.Contracts;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Erasure;

/// <summary>Looks through the whole spool for a person: there is no index for it, since it is rare. Thread-safe.</summary>
internal sealed class PersonSearch(SpoolReader reader, KeyRing keys)
{
    private const int AtOnce = 5_000;

    /// <summary>Keys of the people that the account's upstream app calls by this id.</summary>
    public HashSet<RecipientKey> KeysOf(uint account, string upstreamId)
    {
        var found = new HashSet<RecipientKey>();
        using var session = reader.Rent();
        using var row = session.Read(
            "SELECT DISTINCT key FROM recipient WHERE upstream_id = $2 AND job IN (SELECT id FROM job WHERE account = $1)", (long)account, upstreamId);
        while (row.Read())
        {
            if (RecipientKey.Read(row.GetFieldValue<byte[]>(0)) is var key && key != default)
                found.Add(key);
        }

        return found;
    }

    /// <summary>The account's recipients with one of the keys, of jobs that are over and leave the spool among them.</summary>
    public List<SpooledPerson> Recipients(uint account, IEnumerable<RecipientKey> wanted)
    {
        var found = new List<SpooledPerson>();
        using var session = reader.Rent();
        foreach (var key in wanted)
        {
            using var row = session.Read(
                "SELECT job, ordinal, state, email FROM recipient AS r WHERE key = $1 AND NOT EXISTS (SELECT 1 FROM job WHERE id = r.job AND account <> $2)",
                key.ToBytes(), (long)account);
            while (row.Read())
                found.Add(new SpooledPerson((ulong)row.GetInt64(0), (uint)row.GetInt64(1), (RecipientState)row.GetByte(2), row.GetString(3), key));
        }

        return found;
    }

    /// <summary>Rejections of the account's jobs, or of jobs that leave the spool, that name the person.</summary>
    public List<(long Job, long Line)> Rejections(ErasureTarget target)
    {
        var found = new List<(long, long)>();
        var (job, line) = (0L, -1L);
        while (true)
        {
            var looked = 0;
            using (var session = reader.Rent())
            {
                using var row = session.Read(
                    """
                    SELECT r.job, r.line, r.email, r.reason FROM rejection r LEFT JOIN job j ON j.id = r.job
                    WHERE (r.job, r.line) > ($2, $3) AND coalesce(j.account, $1) = $1 ORDER BY r.job, r.line LIMIT $4
                    """,
                    (long)target.Account, job, line, AtOnce);
                while (row.Read())
                {
                    looked++;
                    (job, line) = (row.GetInt64(0), row.GetInt64(1));
                    if (!row.IsDBNull(2) && Names(target, row.GetString(2), row.GetString(3)))
                        found.Add((job, line));
                }
            }

            if (looked < AtOnce)
                return found;
        }
    }

    private bool Names(ErasureTarget target, string email, string reason)
    {
        foreach (var address in target.Addresses)
        {
            if (email.Contains(address, StringComparison.OrdinalIgnoreCase) || reason.Contains(address, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return RecipientAddress.Fault(email) is null && target.Keys.Contains(RecipientKey.Of(keys.RecipientSecret.Span, target.Account, email));
    }
}
