using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs.Control;

/// <summary>
/// Takes jobs out of the spool that were finished <see cref="MtaOptions.KeepFinished"/> ago: a few rows a commit, with pauses as long as each took, so that
/// others have the disk at least half of the time. The file does not shrink; its room is used again.
/// </summary>
internal sealed class FinishedJobs(SpoolWriter writer, IOptions<MtaOptions> options, TimeProvider time, ILogger<FinishedJobs> log) : BackgroundService
{
    private const int JobsAtOnce = 100;
    private const int RowsAtOnce = 1_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var keep = options.Value.KeepFinished;
        var wait = keep < LongestWait ? keep > ShortestWait ? keep : ShortestWait : LongestWait;
        try
        {
            while (true)
            {
                try
                {
                    await RemoveAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SqliteException or IOException)
                {
                    Log.RetentionFailed(log, e);
                }

                await Task.Delay(wait, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>What an earlier run left half removed comes first.</summary>
    private async Task RemoveAsync(CancellationToken stopping)
    {
        while (true)
        {
            var rows = new RemoveRetired(RowsAtOnce);
            await CommitAsync(rows, stopping).ConfigureAwait(false);
            if (rows.Removed)
                continue;
            var jobs = new RetireJobs((time.GetUtcNow() - options.Value.KeepFinished).ToUnixTimeMilliseconds(), JobsAtOnce);
            await CommitAsync(jobs, stopping).ConfigureAwait(false);
            if (jobs.Found == 0)
                return;
        }
    }

    private async Task CommitAsync(SpoolWrite write, CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        await writer.CommitAsync(write, stopping).ConfigureAwait(false);
        await Task.Delay(time.GetElapsedTime(started), time, stopping).ConfigureAwait(false);
    }
}
