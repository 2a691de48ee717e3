using Delivery.Aggregator.Rollups;

namespace Delivery.Aggregator.Streams;

/// <summary>Collects batches from a shard's stream. One call at a time.</summary>
internal sealed class BatchReader(EntryStream stream, AggregatorOptions options)
{
    private const int PageBytes = 2 * 1024 * 1024;
    private const int MaxPageEntries = 1_000;
    private double _entryBytes = 16 * 1024;

    /// <summary>
    /// Empties <paramref name="batch"/> and fills it from the entry after <paramref name="after"/> (null: from the head of the stream).
    /// True where it stopped at a limit and there is more to read.
    /// </summary>
    public async Task<bool> FillAsync(EventBatch batch, ProducerMarks marks, string? after)
    {
        batch.Clear();
        for (var bytes = 0L; ;)
        {
            var count = Math.Clamp((int)(PageBytes / _entryBytes), 1, MaxPageEntries);
            var page = await ReadAsync(() => stream.ReadAfterAsync(after, count)).ConfigureAwait(false);
            var pageBytes = 0L;
            foreach (var entry in page)
            {
                batch.Add(entry, marks);
                pageBytes += entry.Records.Length;
                if (batch.Events.Count >= options.BatchRows || bytes + pageBytes >= options.BatchBytes)
                    return true;
            }

            bytes += pageBytes;
            if (page.Count < count)
                return false;
            _entryBytes = Math.Max(64, (_entryBytes + ((double)pageBytes / page.Count)) / 2);
            after = batch.Last;
        }
    }

    /// <summary>Reads on a new connection from now on.</summary>
    public void Reset() => stream.Reset();

    /// <summary>Fills <paramref name="batch"/> with exactly what a manifest names, as far as it is still in the stream.</summary>
    public async Task RefillAsync(EventBatch batch, ProducerMarks marks, Manifest manifest)
    {
        batch.Clear();
        var first = manifest.First;
        for (var left = manifest.Count; left > 0;)
        {
            var count = Math.Min(left, Math.Clamp((int)(PageBytes / _entryBytes), 1, MaxPageEntries));
            var page = await ReadAsync(() => stream.ReadRangeAsync(first, manifest.Last, count)).ConfigureAwait(false);
            foreach (var entry in page)
                batch.Add(entry, marks);
            if (page.Count < count || batch.Last == manifest.Last)
                return;
            left -= page.Count;
            first = "(" + batch.Last;
        }
    }

    private async Task<List<StreamEntry>> ReadAsync(Func<Task<List<StreamEntry>>> page)
    {
        try
        {
            return await page().ConfigureAwait(false);
        }
        catch
        {
            // Perhaps the entries became so much larger that the page was too large: the next one is smaller.
            _entryBytes *= 4;
            throw;
        }
    }
}
