using System.Globalization;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>
/// Changes classes in hindsight, of random events that are counted already, while there is no owner: the next one of each shard finds
/// the rows, as it does after a crash between the rows and the recount.
/// </summary>
internal sealed class OracleReclassification(OracleLine line, OracleLedger ledger, Random random)
{
    private const int OneOf = 25;

    /// <summary>Jobs with classes that their roll-ups do not count yet.</summary>
    public const string DueSql = """
        SELECT count() FROM (SELECT account, job, max(version) AS version FROM reclassifications GROUP BY account, job) AS c
        LEFT ANY JOIN (SELECT account, job, max(generation) AS current FROM rollup_generations GROUP BY account, job) AS g ON g.account = c.account AND g.job = c.job
        WHERE c.version > g.current
        """;

    public int Rows { get; private set; }

    /// <summary>One of 25 opens and clicks gets another class, whether or not it got one before.</summary>
    public async Task RunAsync()
    {
        var fences = (await line.QueryAsync("SELECT shard, max(number) FROM shard_fences GROUP BY shard")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var fence in fences.Select(row => row.Split('\t')))
            await RunAsync(fence[0], (ulong.Parse(fence[1], CultureInfo.InvariantCulture) << 20) | 0xF_FFFF);
    }

    /// <param name="version">Above what an owner before gave out as a generation, and below what the next one will.</param>
    private async Task RunAsync(string shard, ulong version)
    {
        var salt = random.Next();
        await line.ExecuteAsync($"""
            INSERT INTO reclassifications
            SELECT producer, shard, number, account, job, kind, recipient, time,
                CAST((toUInt8(class) + 1 + cityHash64({salt}, number, 'class') % 2) % 3 AS Enum8('human' = 0, 'proxy' = 1, 'scanner' = 2)), 'hindsight', {version}
            FROM events WHERE shard = {shard} AND kind IN ('opened', 'clicked') AND position != 65535 AND cityHash64({salt}, producer, number) % {OneOf} = 0
            """);
        var rows = await line.QueryAsync($"SELECT shard, producer, number, version, class FROM reclassifications WHERE shard = {shard} AND version = {version}");
        ledger.File("reclassified.tsv").Write(rows);
        Rows += rows.Count(c => c == '\n');
    }
}
