using System.Globalization;

namespace Delivery.Cli.Bench.Reports;

/// <summary>
/// Statements that make a job's rows in ClickHouse from the numbers of its recipients alone. Each person has habits, by a
/// hash of account and person: a fifth opens most mails, a third some, the others none; some sit behind Apple's proxy or a scanner.
/// </summary>
internal static class WorldSql
{
    public static string Events(WorldJob job, long first, long count) => string.Create(CultureInfo.InvariantCulture, $$"""
        INSERT INTO events (producer, shard, number, kind, time, account, job, recipient, link, position, class, class_reason, attempt, smtp_code,
            enhanced_status, bounce_class, mx, reason, reply, url, user_agent, ip)
        WITH people AS
        (
            SELECT toUInt32(number) AS recipient, cityHash64({{job.Id}}, number) AS h, cityHash64({{job.Account}}, (number + {{job.Offset}}) % {{job.People}}) AS p,
                h % 1000 < 8 AS dropped, NOT dropped AND intDiv(h, 1000) % 1000 < 12 AS bounced, NOT (dropped OR bounced) AS ok,
                ok AND intDiv(h, 1000000) % 100 < 4 AS late, toInt64(intDiv(number, 10)) + late * 900000 AS sent,
                ok AND (p % 100 < 20 AND intDiv(h, 7919) % 100 < 80 OR p % 100 BETWEEN 20 AND 54 AND intDiv(h, 7919) % 100 < 40) AS opened,
                toInt64(-log((intDiv(h, 104729) % 100000 + 1) / 100001) * 21600000) + 20000 AS after,
                opened AND intDiv(h, 15485863) % 6 = 0 AS clicked, ok AND intDiv(p, 100) % 7 = 0 AS proxied, ok AND intDiv(p, 1000) % 50 = 0 AS scanned
            FROM numbers({{first}}, {{count}})
        )
        SELECT {{job.Id}}, 0, toUInt64(recipient) * 64 + slot, toInt8(kind), toDateTime64({{job.Created}}, 3, 'UTC') + toIntervalMillisecond(at),
            {{job.Account}}, {{job.Id}}, recipient, position, position, class, class_reason, kind IN (2, 3, 4), multiIf(kind = 2, 250, kind = 3, 451, kind = 4, 550, 0),
            multiIf(kind = 2, '2.0.0', kind = 3, '4.2.0', kind = 4, '5.1.1', ''),
            multiIf(kind = 3, 'greylisted', kind = 4, ['invalid_recipient', 'mailbox_full', 'spam_block', 'policy_block'][1 + r % 4], 'none'),
            if(kind IN (2, 3, 4), 'relay.example', ''), if(kind = 5, 'suppressed', ''),
            multiIf(kind = 2, '250 2.0.0 Ok', kind = 3, '451 4.2.0 Try again later', kind = 4, '550 5.1.1 User unknown', ''),
            if(kind = 9, concat('https://shop.example/', ['de', 'en', 'fr'][1 + r % 3], '/p/', toString(position), '?from=mail'), ''),
            if(kind >= 8, [
                'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
                'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
                'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
                'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36'][1 + p % 4], ''),
            if(kind >= 8, IPv4ToIPv6(toIPv4(toUInt32(167772160 + p % 4000000))), toIPv6('::'))
        FROM
        (
            SELECT recipient, p, intDiv(h, 31) AS r, 0 AS slot, 1 AS kind, 0 AS at, toUInt16(0) AS position, 'human' AS class, '' AS class_reason FROM people
            UNION ALL SELECT recipient, p, intDiv(h, 31), 1, 2, sent, 0, 'human', '' FROM people WHERE ok
            UNION ALL SELECT recipient, p, intDiv(h, 31), 2, 3, sent - 900000, 0, 'human', '' FROM people WHERE late
            UNION ALL SELECT recipient, p, intDiv(h, 31), 3, 4, sent, 0, 'human', '' FROM people WHERE bounced
            UNION ALL SELECT recipient, p, intDiv(h, 31), 4, 5, 500, 0, 'human', '' FROM people WHERE dropped
            UNION ALL SELECT recipient, p, intDiv(h, 31), 8 + n, 8, sent + after + n * 40000000, 0, 'human', ''
                FROM people ARRAY JOIN range(multiIf(h % 10 < 7, 1, h % 10 < 9, 2, 4)) AS n WHERE opened
            UNION ALL SELECT recipient, p, intDiv(h, 31), 16, 8, sent + 15000 + h % 60000, 0, 'proxy', 'apple_mail_privacy' FROM people WHERE proxied
            UNION ALL SELECT recipient, p, intDiv(h, 31), 24 + n, 9, sent + after + 9000 + n * 35000,
                1 + floor({{WorldPlan.Links}} * pow((intDiv(h, 13) + 7 * n) % 1000 / 1000, 2)), 'human', '' FROM people ARRAY JOIN range(1 + h % 3) AS n WHERE clicked
            UNION ALL SELECT recipient, p, intDiv(h, 31), 32 + n, 9, sent + 11000 + n * 200, 1 + n, if(n < 2, 'human', 'scanner'), if(n < 2, '', 'known_bot')
                FROM people ARRAY JOIN range(4) AS n WHERE scanned
            UNION ALL SELECT recipient, p, intDiv(h, 31), 40, 10, sent + after + 60000, 0, 'human', '' FROM people WHERE clicked AND intDiv(h, 17) % 25 = 0
        )
        """);

    public static string Recipients(WorldJob job, long first, long count) => string.Create(CultureInfo.InvariantCulture, $$"""
        INSERT INTO recipients (account, job, recipient, upstream_id, variant, domain, recipient_key, metadata)
        SELECT {{job.Account}}, {{job.Id}}, toUInt32(number), concat('customer-', toString(person)), {{(job.Variants ? "['A', 'B'][1 + number % 2]" : "''")}},
            ['gmail.com', 'gmail.com', 'gmail.com', 'outlook.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'gmx.de', 'web.de',
                concat('company-', toString(p % 5000), '.example')][1 + intDiv(p, 7) % 10],
            sipHash128(toUInt32({{job.Account}}), person),
            concat('{"segment":"', ['new', 'regular', 'gold', 'lapsed'][1 + intDiv(p, 77) % 4], '","country":"', ['de', 'fr', 'gb', 'us', 'il'][1 + intDiv(p, 777) % 5], '"}')
        FROM (SELECT number, (number + {{job.Offset}}) % {{job.People}} AS person, cityHash64({{job.Account}}, person) AS p FROM numbers({{first}}, {{count}}))
        """);

    /// <summary>What ends a job: links, classes in hindsight with the roll-ups counted again, and last the row that says that it is whole.</summary>
    public static IEnumerable<string> End(WorldJob job)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $$$"""
            INSERT INTO links (account, job, position, link, part, url, text)
            SELECT {{{job.Account}}}, {{{job.Id}}}, number + 1, number + 1, if(number < 9, 'html', 'text'), concat('https://shop.example/{{lang}}/p/', toString(number + 1)),
                concat('Link ', toString(number + 1)) FROM numbers({{{WorldPlan.Links}}})
            """);
        if (job.Revised)
        {
            var where = Of(job);
            yield return $"INSERT INTO reclassifications SELECT producer, shard, number, account, job, kind, recipient, time, 'scanner', 'link_burst', 1 FROM events WHERE {where} AND kind = 'clicked' AND number % 64 IN (32, 33)";
            yield return $"INSERT INTO clicks_by_link_rows (account, job, position, link, class, bucket, clicks, people, generation) SELECT account, job, position, link, class, bucket, clicks, people, 1 FROM clicks_by_link_raw WHERE {where}";
            yield return $"INSERT INTO events_by_job_rows (account, job, kind, class, bounce_class, reason, bucket, events, people, generation) SELECT account, job, kind, class, bounce_class, reason, bucket, events, people, 1 FROM events_by_job_raw WHERE {where}";
            yield return string.Create(CultureInfo.InvariantCulture, $"INSERT INTO rollup_generations VALUES ({job.Account}, {job.Id}, 1)");
        }

        yield return string.Create(CultureInfo.InvariantCulture, $$"""
            INSERT INTO jobs (account, job, created, campaign_id, subject, from_email, from_name, metadata)
            VALUES ({{job.Account}}, {{job.Id}}, toDateTime64({{job.Created}}, 3, 'UTC'), '{{job.Campaign}}', 'Sale {{job.Index}}', 'shop{{job.Index % 3}}@example.com', 'Shop', '{}')
            """);
    }

    /// <summary>Takes out what a run left of a job that it did not end.</summary>
    public static IEnumerable<string> Clear(WorldJob job) =>
        from table in (string[])["events", "recipients", "links", "reclassifications", "clicks_by_link_rows", "events_by_job_rows", "rollup_generations"]
        select $"ALTER TABLE {table} DELETE WHERE {Of(job)}";

    public static string Of(WorldJob job) => string.Create(CultureInfo.InvariantCulture, $"account = {job.Account} AND job = {job.Id}");
}
