using Delivery.Contracts;
using Delivery.Mta.Jobs.Uploads;
using Delivery.Mta.Spool;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>Gives the recipients of an earlier job who are in an audience, in the order that they have there, a chunk at a time. Not thread-safe.</summary>
internal sealed class FollowUpSource(SpoolReader reader, ulong job, AudienceSet people)
{
    /// <summary>Ordinals that one statement looks through, so that a sparse audience is not walked row by row.</summary>
    private const uint Span = 20_000;

    private const string Sql =
        "SELECT ordinal, email, name, upstream_id, variant, key, substitution_data, metadata FROM recipient WHERE job = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal";

    private uint? _next = people.Next(0);

    /// <summary>The next ones, each with that many bytes of data at most on top of a chunk's bound; none at the end.</summary>
    /// <param name="account">Of both jobs.</param>
    /// <param name="into">The job that takes them.</param>
    /// <param name="first">The ordinal of the first of these in that job.</param>
    public UploadChunk Next(uint account, ulong into, uint first)
    {
        var chunk = new UploadChunk();
        while (_next is { } from && !chunk.IsFull)
        {
            using var session = reader.Rent();
            using var row = session.Read(Sql, (long)job, (long)from, (long)from + Span);
            var reached = (long)from + Span;
            while (!chunk.IsFull && row.Read())
            {
                var ordinal = (uint)row.GetInt64(0);
                reached = ordinal + 1L;
                if (!people.Contains(ordinal))
                    continue;
                chunk.Lines++;
                if (Recipient(row, account, into, first + (uint)chunk.Recipients.Count) is not { } recipient)
                    continue;
                chunk.Recipients.Add(recipient);
                chunk.Bytes += recipient.Email.Length + (recipient.SubstitutionData?.Length ?? 0) + (recipient.Metadata?.Length ?? 0);
            }

            if (!chunk.IsFull)
                reached = Math.Max(reached, (long)from + Span);
            _next = reached > uint.MaxValue ? null : people.Next((uint)reached);
        }

        return chunk;
    }

    /// <summary>Null for one who was erased.</summary>
    private static SpooledRecipient? Recipient(SqliteDataReader row, uint account, ulong job, uint ordinal)
    {
        var key = RecipientKey.Read(row.GetFieldValue<byte[]>(5));
        return key == default ? null : new SpooledRecipient
        {
            Account = account,
            Job = job,
            Ordinal = ordinal,
            Email = row.GetString(1),
            Name = Text(row, 2),
            UpstreamId = Text(row, 3),
            Variant = Text(row, 4),
            Key = key,
            SubstitutionData = Bytes(row, 6),
            Metadata = Bytes(row, 7),
        };
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static byte[]? Bytes(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
