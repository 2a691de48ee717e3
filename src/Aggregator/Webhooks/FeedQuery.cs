using System.Globalization;
using System.Text;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// Reads an account's events by windows of numbers. The account leads the order of the table and each granule knows its span of
/// numbers, so that a window costs little however long the table is. Few queries at a time. Thread-safe.
/// </summary>
internal sealed class FeedQuery(ClickHouseClient clickHouse) : IDisposable
{
    private const int AtOnce = 4;
    private readonly SemaphoreSlim _slots = new(AtOnce);

    /// <summary>Numbers and times of the events wanted, at most <paramref name="limit"/> of each stream, by stream and number.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<List<(FeedStream Stream, ulong Number, long TimeMs)>> ScanAsync(
        Subscription subscription, IReadOnlyCollection<NumberWindow> windows, int limit, CancellationToken cancellation)
    {
        var answer = await RunAsync(
            $"""
            SELECT shard, producer, number, toUnixTimestamp64Milli(time) FROM events WHERE {Where(subscription, windows)}
            ORDER BY shard, producer, number LIMIT {Text(limit)} BY shard, producer SETTINGS max_threads = 2 FORMAT TSV
            """,
            subscription,
            cancellation).ConfigureAwait(false);
        return Rows(answer);
    }

    /// <summary>The events of the windows, each a JSON object on a line of its own, by time. What is known of their class in hindsight now is in them.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public Task<byte[]> RowsAsync(Subscription subscription, IReadOnlyCollection<NumberWindow> windows, CancellationToken cancellation) =>
        RunAsync(EventSql(Where(subscription, windows)), subscription, cancellation);

    public void Dispose() => _slots.Dispose();

    private static string Where(Subscription subscription, IReadOnlyCollection<NumberWindow> windows)
    {
        var text = new StringBuilder("account = {account:UInt32}");
        if (subscription.Events.Count < EventNames.All.Count)
            text.Append(" AND kind IN (").AppendJoin(',', subscription.Events.Select(name => $"'{name}'")).Append(')');
        text.Append(" AND (").AppendJoin(" OR ", windows.Select(window => string.Create(
            CultureInfo.InvariantCulture,
            $"(shard = {window.Shard} AND producer = {window.Producer} AND number BETWEEN {window.First} AND {window.Last})"))).Append(')');
        if (subscription.CampaignId is not null)
            text.Append(" AND job IN (SELECT job FROM jobs WHERE account = {account:UInt32} AND campaign_id = {campaign:String})");
        return text.ToString();
    }

    private static string EventSql(string where) =>
        $"""
        SELECT concat(toString(e.shard), '-', toString(e.producer), '-', toString(e.number)) AS event_id,
            toString(e.kind) AS event, concat(replaceOne(toString(e.time), ' ', 'T'), 'Z') AS time,
            toString(e.job) AS job, j.campaign_id AS campaign_id, e.recipient AS recipient,
            r.upstream_id AS upstream_id, r.variant AS variant,
            if(r.recipient_key = toFixedString('', 16), '', lower(hex(r.recipient_key))) AS recipient_key,
            nullIf(e.link, 0) AS link, nullIf(e.position, 0) AS position, if(e.position = 0, NULL, e.loop_index) AS loop_index, e.url AS url,
            if(e.kind IN ('opened', 'clicked'), if(c.version > 0, toString(c.class), toString(e.class)), '') AS class,
            if(c.version > 0, c.class_reason, e.class_reason) AS class_reason,
            nullIf(e.attempt, 0) AS attempt, nullIf(e.smtp_code, 0) AS smtp_code, e.enhanced_status AS enhanced_status,
            if(e.bounce_class = 'none', '', toString(e.bounce_class)) AS bounce_class, e.mx AS mx, e.reason AS reason, e.reply AS reply,
            e.user_agent AS user_agent,
            if(e.ip = toIPv6('::'), '', if(startsWith(toString(e.ip), '::ffff:'), substring(toString(e.ip), 8), toString(e.ip))) AS ip,
            if(e.uncertain, true, NULL) AS uncertain
        FROM (SELECT * FROM events WHERE {where}) AS e
        LEFT ANY JOIN
        (
            SELECT account, job, recipient, upstream_id, variant, recipient_key FROM recipients FINAL
            WHERE (account, job, recipient) IN (SELECT account, job, recipient FROM events WHERE {where})
        ) AS r ON r.account = e.account AND r.job = e.job AND r.recipient = e.recipient
        LEFT ANY JOIN
        (
            SELECT account, job, campaign_id FROM jobs FINAL WHERE (account, job) IN (SELECT account, job FROM events WHERE {where})
        ) AS j ON j.account = e.account AND j.job = e.job
        LEFT ANY JOIN
        (
            SELECT account, job, shard, producer, number, class, class_reason, version FROM reclassifications FINAL
            WHERE (account, job, shard, producer, number) IN (SELECT account, job, shard, producer, number FROM events WHERE {where})
        ) AS c ON c.account = e.account AND c.job = e.job AND c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
        ORDER BY e.time, e.shard, e.producer, e.number
        SETTINGS max_threads = 2, output_format_json_quote_64bit_integers = 1 FORMAT JSONEachRow
        """;

    private async Task<byte[]> RunAsync(string sql, Subscription subscription, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var account = ("account", Text(subscription.Account));
            return await (subscription.CampaignId is { } campaign
                ? clickHouse.QueryAsync(sql, cancellation, account, ("campaign", campaign))
                : clickHouse.QueryAsync(sql, cancellation, account)).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static List<(FeedStream Stream, ulong Number, long TimeMs)> Rows(byte[] answer)
    {
        var found = new List<(FeedStream, ulong, long)>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            found.Add((new FeedStream((int)rows.UInt64(), rows.UInt64()), rows.UInt64(), (long)rows.UInt64()));
        return found;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
