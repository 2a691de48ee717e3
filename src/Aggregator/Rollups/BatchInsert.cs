using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Rollups;

/// <summary>Puts a batch into ClickHouse. One at a time.</summary>
internal sealed class BatchInsert(ClickHouseClient clickHouse, EventPresence presence, RollupVerifier verifier)
{
    private const string EventTable = "events_in";
    private const string EventColumns = "fence, " + EventRow.PrefixColumns + ", " + EventRow.BodyColumns;
    private const string RecipientColumns = "account, job, recipient, " + EventRow.RecipientColumns;
    private const int MaxTokens = 3;
    private readonly RowBlock _missing = new();

    /// <summary>
    /// For a batch that nobody inserted before. Dimensions first: they may be repeated, and an event then finds its job and recipient.
    /// </summary>
    /// <exception cref="ClickHouseException">Unknown what is in the tables: only <see cref="CompleteAsync"/> may follow.</exception>
    public async Task InsertAsync(EventBatch batch, string token, CancellationToken cancellation)
    {
        await InsertDimensionsAsync(batch, cancellation).ConfigureAwait(false);
        if (batch.Events.Count > 0)
            await clickHouse.InsertAsync(EventTable, EventColumns, batch.Events.Bytes, token, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// For a batch of which anything may be in the tables. Inserts what is missing, and again under another token where ClickHouse
    /// took the first for a duplicate although the rows are not there (its log is written before the part). Then makes the roll-ups of its
    /// jobs agree with the events. Returns how many events were missing and the roll-ups of how many jobs were rebuilt.
    /// </summary>
    /// <exception cref="ClickHouseException">Unknown what is in the tables: call again.</exception>
    public async Task<(int Missing, int Mended)> CompleteAsync(EventBatch batch, string token, ShardFence fence, CancellationToken cancellation)
    {
        await InsertDimensionsAsync(batch, cancellation).ConfigureAwait(false);
        await presence.FindMissingAsync(batch.Events, _missing, cancellation).ConfigureAwait(false);
        var missing = _missing.Count;
        for (var attempt = 0; _missing.Count > 0; attempt++)
        {
            if (attempt == MaxTokens)
                throw new ClickHouseException(0, $"{_missing.Count} events are not in table events although ClickHouse took them {MaxTokens} times.");
            var name = attempt == 0 ? token : $"{token}/{fence.Number}/{attempt}";
            await clickHouse.InsertAsync(EventTable, EventColumns, _missing.Bytes, name, cancellation).ConfigureAwait(false);
            await presence.FindMissingAsync(batch.Events, _missing, cancellation).ConfigureAwait(false);
        }

        return (missing, await verifier.MendAsync(batch.JobIds, fence, cancellation).ConfigureAwait(false));
    }

    private async Task InsertDimensionsAsync(EventBatch batch, CancellationToken cancellation)
    {
        await InsertAsync("recipients", RecipientColumns, batch.Recipients, cancellation).ConfigureAwait(false);
        await InsertAsync("jobs", EventRow.JobColumns, batch.Jobs, cancellation).ConfigureAwait(false);
        await InsertAsync("links", EventRow.LinkColumns, batch.Links, cancellation).ConfigureAwait(false);
        await InsertAsync("mails", EventRow.MailColumns, batch.Mails, cancellation).ConfigureAwait(false);
        await InsertAsync("numbers_aside", "shard, producer, first, last, what", batch.Aside, cancellation).ConfigureAwait(false);
    }

    private Task InsertAsync(string table, string columns, RowBlock rows, CancellationToken cancellation) =>
        rows.Count == 0 ? Task.CompletedTask : clickHouse.InsertAsync(table, columns, rows.Bytes, null, cancellation);
}
