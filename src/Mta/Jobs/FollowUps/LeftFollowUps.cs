using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>
/// Cancels, before any request is taken and before anything is sent, the jobs that a call was filling with an audience when the program ended: nobody was told
/// of them, and the same call again takes a job of its own.
/// </summary>
internal sealed class LeftFollowUps(SpoolReader reader, SpoolWriter writer, TimeProvider time, ILogger<LeftFollowUps> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var job in reader.FollowUps())
        {
            try
            {
                await writer.CommitAsync(new HoldJob(job, JobHold.Cancelled, time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken).ConfigureAwait(false);
                await writer.CommitAsync(new ForgetFollowUp(job), cancellationToken).ConfigureAwait(false);
                Log.LeftHalfFilled(log, job);
            }
            catch (Exception e) when (e is SpoolFullException or SqliteException or IOException)
            {
                Log.HalfFilledStays(log, e, job);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
