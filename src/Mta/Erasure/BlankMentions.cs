using System.Text;
using System.Text.Json;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Erasure;

/// <summary>
/// Takes a person out of what is not a recipient's row: rejections, kept answers to idempotency keys, details of others that quote the address, replies that no
/// rule knows, and the content of finished jobs that were for nobody else.
/// </summary>
internal sealed class BlankMentions(ErasureTarget target, IReadOnlyList<(long Job, long Line)> rejections, IReadOnlyCollection<ulong> jobs) : SpoolWrite
{
    public int Answers { get; private set; }

    public int Contents { get; private set; }

    public int Replies { get; private set; }

    public override void Apply(SpoolSession session)
    {
        (Answers, Contents, Replies) = (0, 0, 0);
        using var thorough = new ThoroughDeletion(session);
        for (var i = 0; i < rejections.Count; i++)
            session.Run("UPDATE rejection SET email = NULL, reason = 'erased' WHERE job = $1 AND line = $2", rejections[i].Job, rejections[i].Line);
        foreach (var address in target.Addresses)
        {
            Answers += ReplaceInAnswers(session, address);
            Replies += session.Run("DELETE FROM unknown_reply WHERE instr(lower(text), lower($1)) > 0", address);
            Replies += session.Run(
                """
                UPDATE recipient SET detail = 'erased' WHERE detail IS NOT NULL AND instr(lower(detail), lower($1)) > 0
                  AND NOT EXISTS (SELECT 1 FROM job WHERE id = recipient.job AND account <> $2)
                """,
                address, (long)target.Account);
        }

        foreach (var job in jobs)
        {
            Contents += session.Run(
                """
                UPDATE job_content SET content = x'7B7D', substitution_data = x'7B7D', metadata = x'7B7D'
                WHERE job = $1 AND content <> x'7B7D' AND EXISTS (SELECT 1 FROM job WHERE id = $1 AND finished_ms IS NOT NULL)
                  AND NOT EXISTS (SELECT 1 FROM recipient WHERE job = $1 AND key <> zeroblob(16))
                """,
                (long)job);
        }
    }

    private int ReplaceInAnswers(SpoolSession session, string address)
    {
        var changed = new List<(string Key, byte[] Response)>();
        using (var row = session.Read("SELECT key, response FROM idempotency WHERE account = $1", (long)target.Account))
        {
            while (row.Read())
            {
                var text = Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1));
                var without = text
                    .Replace(address, BlankRecipients.Address, StringComparison.OrdinalIgnoreCase)
                    .Replace(JsonEncodedText.Encode(address).Value, BlankRecipients.Address, StringComparison.OrdinalIgnoreCase);
                if (without != text)
                    changed.Add((row.GetString(0), Encoding.UTF8.GetBytes(without)));
            }
        }

        foreach (var (key, response) in changed)
            session.Run("UPDATE idempotency SET response = $3 WHERE account = $1 AND key = $2", (long)target.Account, key, response);
        return changed.Count;
    }
}
