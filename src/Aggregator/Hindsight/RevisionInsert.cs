using System.Globalization;
using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Hindsight;

/// <summary>Writes revisions into <c>reclassifications</c>, as the owner of the shard alone may.</summary>
internal sealed class RevisionInsert(ClickHouseClient clickHouse)
{
    private const int RowsPerStatement = 1_000;

    public async Task InsertAsync(List<Revision> revisions, ShardFence fence, CancellationToken cancellation)
    {
        foreach (var chunk in revisions.Chunk(RowsPerStatement))
        {
            var version = fence.NextGeneration();
            await clickHouse.InsertSelectAsync(Sql(chunk, fence, version), fence.Mark("hindsight"), cancellation).ConfigureAwait(false);
        }
    }

    private static string Sql(Revision[] revisions, ShardFence fence, ulong version)
    {
        var sql = new StringBuilder(revisions.Length * 120);
        sql.Append(CultureInfo.InvariantCulture, $"""
            INSERT INTO reclassifications (producer, shard, number, account, job, kind, recipient, time, class, class_reason, version)
            SELECT producer, {fence.Shard}, number, account, job, kind, recipient, fromUnixTimestamp64Milli(ms, 'UTC'), class, class_reason, {version}
            FROM values('producer UInt64, number UInt64, account UInt32, job UInt64, kind String, recipient UInt32, ms Int64, class String, class_reason String'
            """);
        foreach (var (reader, one, verdict) in revisions)
        {
            sql.Append(CultureInfo.InvariantCulture, $",({one.Producer},{one.Number},{reader.Account},{reader.Job},'{(one.Kind == EventKind.Opened ? "opened" : "clicked")}',{reader.Recipient},{one.TimeMs},'{Name(verdict.Class)}','");
            foreach (var letter in verdict.Reason ?? "")
                sql.Append(letter is '\'' or '\\' ? "\\" : "").Append(letter);
            sql.Append("')");
        }

        return sql.Append(") WHERE ").Append(fence.Condition).ToString();
    }

    private static string Name(ReaderClass found) => found switch
    {
        ReaderClass.Human => "human",
        ReaderClass.Proxy => "proxy",
        _ => "scanner",
    };
}
