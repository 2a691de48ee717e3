using Delivery.Mta.Spool;

namespace Delivery.Mta.Erasure;

/// <summary>
/// Takes out of recipients' rows all that tells who they are; their state, and so every count, stays. A recipient without a key is erased:
/// where it still waits, it is dropped as soon as it is its turn.
/// </summary>
internal sealed class BlankRecipients(IReadOnlyList<SpooledPerson> people) : SpoolWrite
{
    /// <summary>What stands in place of an address, which no row can be without. Leads nowhere (RFC 6761).</summary>
    public const string Address = "erased@erased.invalid";

    private const string Sql =
        $"""
        UPDATE recipient SET email = '{Address}', name = NULL, upstream_id = NULL, key = zeroblob(16), substitution_data = NULL, metadata = NULL, detail = NULL
        WHERE job = $1 AND ordinal = $2
        """;

    public override void Apply(SpoolSession session)
    {
        using var thorough = new ThoroughDeletion(session);
        for (var i = 0; i < people.Count; i++)
            session.Run(Sql, (long)people[i].Job, (long)people[i].Ordinal);
    }
}
