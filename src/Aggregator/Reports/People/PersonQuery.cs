using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports.People;

/// <summary>
/// Reads everything about one person of an account, over jobs. Statements name the person, so they stay out of ClickHouse's log of
/// queries. Thread-safe.
/// </summary>
internal sealed class PersonQuery(ClickHouseClient clickHouse, Freshness freshness)
{
    /// <summary>Who is meant: rows of <c>recipients</c>. An erased person's have neither key nor id, so that nobody can name them.</summary>
    private const string OfKey = "account = {account:UInt32} AND recipient_key = toFixedString(unhex({key:String}), 16)";
    private const string OfId = "account = {account:UInt32} AND upstream_id = {id:String} AND recipient_key != toFixedString('', 16)";

    /// <param name="key">In hex; or null, and <paramref name="id"/> says who.</param>
    /// <param name="job">Of one job alone; null for all.</param>
    /// <returns>Null where the account has no such person.</returns>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<PersonTimeline?> FindAsync(
        uint account, string? key, string? id, ulong? job, PersonCursor? before, int limit, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAllAsync().ConfigureAwait(false);
        var them = (key is null ? OfId : OfKey) + (job is { } one ? string.Create(CultureInfo.InvariantCulture, $" AND job = {one}") : "");
        (string, string)[] parameters = [("account", JsonRows.Parameter(account)), ("key", key ?? ""), ("id", JsonRows.Parameter(id ?? ""))];
        var person = (await clickHouse.UnloggedRowsAsync(
            $"SELECT lower(hex(who.1)) AS recipient_key, who.2 AS upstream_id, mails FROM (SELECT argMax((recipient_key, upstream_id), job) AS who, count() AS mails FROM recipients WHERE {them})",
            ReportJson.Default.PersonRow, cancellation, parameters).ConfigureAwait(false))[0];
        if (person.Mails == 0)
            return null;
        var rows = await clickHouse.UnloggedRowsAsync(EventsSql(them, before, limit), ReportJson.Default.PersonEventRow, cancellation, parameters).ConfigureAwait(false);
        var more = rows.Count > limit;
        if (more)
            rows.RemoveAt(limit);
        return new PersonTimeline(
            person.RecipientKey, person.UpstreamId, fresh, rows.ConvertAll(PersonEvent.Of),
            more ? new PersonCursor(rows[^1].Ms, rows[^1].Shard, rows[^1].Producer, rows[^1].Number).ToString() : null);
    }

    private static string EventsSql(string them, PersonCursor? before, int limit) =>
        $$"""
        SELECT toUnixTimestamp64Milli(e.time) AS ms, e.shard AS shard, e.producer AS producer, e.number AS number, e.kind AS kind, e.job AS job,
            j.campaign_id AS campaign_id, j.subject AS subject, e.position AS position, e.url AS url, if(c.version > 0, c.class, e.class) AS class,
            e.smtp_code AS smtp_code, e.bounce_class AS bounce_class, e.reason AS reason
        FROM
        (
            SELECT shard, producer, number, kind, time, job, position, url, class, smtp_code, bounce_class, reason FROM events AS e
            WHERE account = {account:UInt32} AND job IN (SELECT job FROM recipients WHERE {{them}})
                AND (job, recipient) IN (SELECT job, recipient FROM recipients WHERE {{them}}){{(before is null ? "" : " AND " + before.Sql)}}
            ORDER BY time DESC, shard DESC, producer DESC, number DESC LIMIT {{limit + 1}}
        ) AS e
        LEFT ANY JOIN (SELECT job, campaign_id, subject FROM jobs FINAL WHERE account = {account:UInt32} AND job IN (SELECT job FROM recipients WHERE {{them}})) AS j ON j.job = e.job
        LEFT ANY JOIN
        (
            SELECT shard, producer, number, class, version FROM reclassifications FINAL
            WHERE account = {account:UInt32} AND (job, recipient) IN (SELECT job, recipient FROM recipients WHERE {{them}})
        ) AS c ON c.shard = e.shard AND c.producer = e.producer AND c.number = e.number
        ORDER BY ms DESC, shard DESC, producer DESC, number DESC
        """;
}
