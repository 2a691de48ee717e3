using System.Threading.Channels;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Claims recipients in the spool and hands them to the composers: those whose next attempt is due first, then the jobs in turn.
/// Waits while the mirror of the suppressions is too old.
/// </summary>
internal sealed class Feeder(
    SpoolReader reader, SpoolWriter writer, JobQueue jobs, InFlight inFlight, SuppressionMirror suppressions, TimeProvider time, ILogger<Feeder> log)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private int Chunk => Math.Clamp(inFlight.Capacity / 4, 1, 256);

    /// <summary>Runs until cancelled. The channel holds at least <see cref="InFlight.Capacity"/>.</summary>
    public async Task RunAsync(ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        foreach (var (job, next, accepted) in reader.Unclaimed())
            jobs.Add(new UnclaimedJob(job, next, accepted));
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!suppressions.IsFresh || !await FeedAsync(claimed, stopping).ConfigureAwait(false))
                    await jobs.Changed.WaitAsync(IdleWait, time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                Log.ClaimFailed(log, e);
                await Task.Delay(FaultPause, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>False where nothing is to be sent now.</summary>
    private async Task<bool> FeedAsync(ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        var retried = await FeedRetriesAsync(claimed, stopping).ConfigureAwait(false);
        var fed = await FeedJobAsync(claimed, stopping).ConfigureAwait(false);
        return retried || fed;
    }

    private async Task<bool> FeedRetriesAsync(ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        var due = reader.Due(time.GetUtcNow().ToUnixTimeMilliseconds(), Chunk);
        if (due.Count == 0)
            return false;
        await inFlight.TakeAsync(due.Count, stopping).ConfigureAwait(false);
        var handed = 0;
        try
        {
            await writer.CommitAsync(new ClaimRetries(due), CancellationToken.None).ConfigureAwait(false);
            foreach (var one in due)
            {
                if (reader.Recipient(one.Job, one.Ordinal) is { } recipient && claimed.TryWrite(recipient))
                    handed++;
            }
        }
        finally
        {
            inFlight.Return(due.Count - handed);
        }

        return true;
    }

    private async Task<bool> FeedJobAsync(ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        if (!jobs.TryTake((uint)Chunk, out var chunk))
            return false;
        var size = (int)(chunk.End - chunk.Next);
        var handed = 0;
        var taken = false;
        var claimedOnDisk = false;
        try
        {
            await inFlight.TakeAsync(size, stopping).ConfigureAwait(false);
            taken = true;
            await writer.CommitAsync(new ClaimChunk(chunk.Job, chunk.End), CancellationToken.None).ConfigureAwait(false);
            claimedOnDisk = true;
            foreach (var recipient in reader.Recipients(chunk.Job, chunk.Next, chunk.End))
            {
                if (claimed.TryWrite(recipient))
                    handed++;
            }
        }
        finally
        {
            if (taken)
                inFlight.Return(size - handed);
            if (!claimedOnDisk)
                jobs.PutBack(chunk);
        }

        return true;
    }
}
