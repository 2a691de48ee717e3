using Delivery.Mta.Outcomes;

namespace Delivery.Mta.Spool;

/// <summary>Counts replies that no rule knows, by text; of too many texts those go that were not seen for longest. Used inside a commit.</summary>
internal sealed class UnknownReplyRows
{
    /// <summary>Texts that are kept.</summary>
    public const int Most = 10_000;

    /// <summary>New texts between two looks at how many there are, which reads them all: so many more may be kept for a while.</summary>
    public const int Slack = 256;

    private int _added = Slack;

    public void Add(SpoolSession session, in UnknownReply reply, long nowMs)
    {
        var seen = session.Run(
            "UPDATE unknown_reply SET count = count + 1, last_ms = $4 WHERE code = $1 AND enhanced = $2 AND text = $3",
            (int)reply.Code, reply.Enhanced, reply.Text, nowMs);
        if (seen > 0)
            return;
        session.Run(
            "INSERT INTO unknown_reply (code, enhanced, text, count, first_ms, last_ms) VALUES ($1, $2, $3, 1, $4, $4)",
            (int)reply.Code, reply.Enhanced, reply.Text, nowMs);
        if (++_added < Slack)
            return;
        _added = 0;
        session.Run(
            """
            DELETE FROM unknown_reply WHERE (code, enhanced, text) IN
              (SELECT code, enhanced, text FROM unknown_reply ORDER BY last_ms DESC LIMIT -1 OFFSET $1)
            """,
            Most);
    }
}
