using System.Diagnostics;
using System.Threading.Channels;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Claims recipients in the spool and hands them to the composers: those whose next attempt is due first, then the jobs in turn.
/// While the mirror of the suppressions is too old bulk mail waits, and transactional mail goes by the last copy known.
/// </summary>
internal sealed class Feeder(
    SpoolReader reader, SpoolWriter writer, JobQueue jobs, InFlight inFlight, SuppressionMirror suppressions, BusyTimes busy, TimeProvider time,
    ILogger<Feeder> log)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private int Chunk => Math.Clamp(inFlight.Capacity / 4, 1, 256);

    /// <summary>Puts the jobs of earlier runs in line. Called once, before new ones are accepted.</summary>
    public void Resume()
    {
        foreach (var job in reader.Unclaimed())
            jobs.Add(job);
    }

    /// <summary>Runs until cancelled. The channel holds at least <see cref="InFlight.Capacity"/>.</summary>
    public async Task RunAsync(ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!suppressions.MaySend(transactional: true) || !await FeedAsync(claimed, stopping).ConfigureAwait(false))
                    await jobs.Changed.WaitAsync(IdleWait, time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                Log.ClaimFailed(log, e);
                await Task.Delay(FaultPause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False where nothing is to be sent now.</summary>
    private async Task<bool> FeedAsync(ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        var bulk = suppressions.MaySend(transactional: false);
        var retried = await FeedRetriesAsync(bulk, claimed, stopping).ConfigureAwait(false);
        var fed = await FeedJobAsync(bulk, claimed, stopping).ConfigureAwait(false);
        return retried || fed;
    }

    private async Task<bool> FeedRetriesAsync(bool bulk, ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        var due = reader.Due(time.GetUtcNow().ToUnixTimeMilliseconds(), Chunk, bulk);
        if (due.Count == 0)
            return false;
        var recipients = new List<SpooledRecipient>(due.Count);
        foreach (var one in due)
        {
            if (reader.Recipient(one.Job, one.Ordinal) is { } recipient)
                recipients.Add(recipient);
        }

        await HandOverAsync(new ClaimRetries(due), recipients, claimed, stopping).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> FeedJobAsync(bool bulk, ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        if (!jobs.TryPeek((uint)Chunk, bulk, out var chunk))
            return false;
        var started = Stopwatch.GetTimestamp();
        var recipients = reader.Recipients(chunk.Job, chunk.Next, chunk.End);
        busy.Add(BusyTimes.Part.Claim, started);
        await HandOverAsync(new ClaimChunk(chunk.Job, chunk.Next, chunk.End), recipients, claimed, stopping).ConfigureAwait(false);
        jobs.Advance(chunk);
        return true;
    }

    /// <summary>
    /// Everything that can fail comes before the claim is on disk; from there to the composers nothing does,
    /// or a recipient would stay claimed without anybody having it.
    /// </summary>
    private async Task HandOverAsync(SpoolWrite claim, List<SpooledRecipient> recipients, ChannelWriter<SpooledRecipient> claimed, CancellationToken stopping)
    {
        await inFlight.TakeAsync(recipients.Count, stopping).ConfigureAwait(false);
        try
        {
            await writer.CommitAsync(claim, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            inFlight.Return(recipients.Count);
            throw;
        }

        foreach (var recipient in recipients)
        {
            if (!claimed.TryWrite(recipient))
                throw new InvalidOperationException("More recipients than places in flight.");
        }
    }
}
