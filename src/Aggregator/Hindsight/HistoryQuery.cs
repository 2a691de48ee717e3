using System.Globalization;
using System.Net;
using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;

namespace Delivery.Aggregator.Hindsight;

/// <summary>Reads what readers did, with one statement for many of them.</summary>
internal sealed class HistoryQuery(ClickHouseClient clickHouse, ReaderRules rules)
{
    private const int JobsKept = 1_000;
    private readonly Dictionary<(uint Account, ulong Job), LinkCounts> _links = [];

    /// <param name="reapply">Whether the rules of the first sight are applied again to what an event keeps.</param>
    public async Task<List<ReadingHistory>> ReadAsync(
        List<KeyValuePair<ReaderKey, ReaderSpan>> readers, bool reapply, CancellationToken cancellation)
    {
        var spans = readers.ToDictionary();
        var answer = await clickHouse.QueryAsync(Sql(readers, reapply), cancellation).ConfigureAwait(false);
        await FindLinksAsync(readers, cancellation).ConfigureAwait(false);
        return Read(answer, spans, reapply);
    }

    private List<ReadingHistory> Read(byte[] answer, Dictionary<ReaderKey, ReaderSpan> spans, bool reapply)
    {
        var histories = new List<ReadingHistory>(spans.Count);
        ReaderKey? last = null;
        long? delivered = null;
        var events = new List<ReaderEvent>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
        {
            var key = new ReaderKey((uint)rows.UInt64(), rows.UInt64(), (uint)rows.UInt64());
            if (last is { } before && before != key)
                End(before);
            last = key;
            var kind = (EventKind)rows.UInt64();
            var one = Event(ref rows, kind, reapply);
            if (kind == EventKind.Delivered)
                delivered ??= one.TimeMs;
            else
                events.Add(one);
        }

        if (last is { } end)
            End(end);
        return histories;

        void End(in ReaderKey key)
        {
            if (spans.TryGetValue(key, out var span) && events.Count > 0)
            {
                histories.Add(new ReadingHistory(
                    key.Account, key.Job, key.Recipient, delivered, _links.GetValueOrDefault((key.Account, key.Job)), events,
                    span.FromMs - HindsightRules.ReachMs, span.ToMs + HindsightRules.ReachMs));
            }

            events = [];
            delivered = null;
        }
    }

    private ReaderEvent Event(ref TabSeparated rows, EventKind kind, bool reapply)
    {
        var (time, producer, number) = ((long)rows.UInt64(), rows.UInt64(), rows.UInt64());
        var (position, loop) = ((ushort)rows.UInt64(), (ushort)rows.UInt64());
        var raw = Verdict(ref rows);
        var (address, userAgent) = (rows.UInt64(), rows.UInt64());
        var revised = rows.UInt64() > 0;
        var revision = Verdict(ref rows);
        var first = revised && !ReaderReasons.IsHindsight(revision.Reason ?? "") ? revision : raw;
        if (reapply)
        {
            var (ip, agent) = (rows.Text(), Encoding.UTF8.GetString(Convert.FromBase64String(rows.Text())));
            first = kind == EventKind.Delivered || ReaderReasons.IsOfRequest(raw.Reason ?? "") ? raw : rules.Find(kind, IPAddress.Parse(ip), agent);
        }

        return new ReaderEvent(producer, number, kind, time, position, loop, first, revised ? revision : raw, address, userAgent);
    }

    private static ReaderVerdict Verdict(ref TabSeparated rows)
    {
        var (found, reason) = ((ReaderClass)rows.UInt64(), rows.Text());
        return new ReaderVerdict(found, reason.Length == 0 ? null : reason);
    }

    /// <summary>Who was erased, and what has lost IP and browser by retention, cannot be judged again. Numbers alone go into the text, as there are too many for parameters.</summary>
    private static string Sql(List<KeyValuePair<ReaderKey, ReaderSpan>> readers, bool reapply)
    {
        var (from, to) = (readers.Min(one => one.Value.FromMs) - (2 * HindsightRules.ReachMs), readers.Max(one => one.Value.ToMs) + (2 * HindsightRules.ReachMs));
        var accounts = string.Join(',', readers.Select(one => one.Key.Account).Distinct());
        var jobs = string.Join(',', readers.Select(one => one.Key.Job).Distinct());
        var sql = new StringBuilder();
        sql.Append(CultureInfo.InvariantCulture, $$"""
            SELECT e.account, e.job, e.recipient, toInt8(e.kind), toUnixTimestamp64Milli(e.time), e.producer, e.number, e.position, e.loop_index,
                toInt8(e.class), e.class_reason, cityHash64(e.ip), cityHash64(e.user_agent), c.version, toInt8(c.class), c.class_reason
            """);
        if (reapply)
            sql.Append(", toString(e.ip), base64Encode(e.user_agent)");
        sql.Append(CultureInfo.InvariantCulture, $$"""

            FROM
            (
                SELECT * FROM events
                WHERE account IN ({{accounts}}) AND job IN ({{jobs}}) AND kind IN ('delivered', 'opened', 'clicked')
                    AND time BETWEEN fromUnixTimestamp64Milli({{from}}, 'UTC') AND fromUnixTimestamp64Milli({{to}}, 'UTC')
                    AND (job, recipient) IN (
            """);
        for (var i = 0; i < readers.Count; i++)
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}({readers[i].Key.Job},{readers[i].Key.Recipient})");
        sql.Append(CultureInfo.InvariantCulture, $$"""
            )
                    AND (job, recipient) NOT IN (SELECT job, recipient FROM erased WHERE account IN ({{accounts}})){{(reapply ? " AND (kind = 'delivered' OR ip != toIPv6('::') OR user_agent != '')" : "")}}
            ) AS e
            LEFT ANY JOIN (SELECT * FROM reclassifications FINAL WHERE account IN ({{accounts}}) AND job IN ({{jobs}})) AS c
                ON c.account = e.account AND c.job = e.job AND c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
            ORDER BY e.account, e.job, e.recipient, e.time, e.producer, e.number FORMAT TSV
            """);
        return sql.ToString();
    }

    private async Task FindLinksAsync(List<KeyValuePair<ReaderKey, ReaderSpan>> readers, CancellationToken cancellation)
    {
        if (_links.Count > JobsKept)
            _links.Clear();
        var unknown = readers.Select(one => (one.Key.Account, one.Key.Job)).Distinct().Where(job => !_links.ContainsKey(job)).ToList();
        if (unknown.Count == 0)
            return;
        var answer = await clickHouse.QueryAsync(
            $$"""
            SELECT account, job, countIf(part = 'html'), countIf(part = 'text'), maxIf(position, part = 'html') FROM links FINAL
            WHERE account IN ({{string.Join(',', unknown.Select(one => one.Account).Distinct())}}) AND job IN ({{string.Join(',', unknown.Select(one => one.Job))}})
            GROUP BY account, job FORMAT TSV
            """,
            cancellation).ConfigureAwait(false);
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            _links[((uint)rows.UInt64(), rows.UInt64())] = new LinkCounts((int)rows.UInt64(), (int)rows.UInt64(), (ushort)rows.UInt64());
    }
}
