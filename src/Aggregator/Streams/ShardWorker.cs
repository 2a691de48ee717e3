using Delivery.Aggregator.Telemetry;

namespace Delivery.Aggregator.Streams;

/// <summary>
/// Competes for one shard, keeps its lease while it is consumed, and begins again after every failure, with growing pauses.
/// A shard whose owner cannot work is free for another aggregator meanwhile.
/// </summary>
internal sealed class ShardWorker(
    int shard, ShardLedger ledger, ShardConsumer consumer, AggregatorOptions options, ShardStatus status, TimeProvider time, ILogger<ShardWorker> log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    /// <summary>Returns once <paramref name="stopping"/> is requested and the shard is given back; never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        status.Recovered += () => Log.ShardMoves(log, shard);
        var delay = FirstDelay;
        while (!stopping.IsCancellationRequested)
        {
            var commits = status.Commits;
            try
            {
                if (await ledger.TryAcquireAsync().ConfigureAwait(false) is { } granted)
                    await OwnAsync(granted.Lease, granted.Manifest, stopping).ConfigureAwait(false);
                else
                    await WaitAsync(options.LeaseTime / 8, stopping).ConfigureAwait(false);
                continue;
            }
            catch (Exception e)
            {
                if (status.Failed())
                    Log.ShardStandsStill(log, e, shard);
                else
                    Log.ShardStillFails(log, shard, e.Message);
            }

            delay = status.Commits > commits ? FirstDelay : delay;
            await WaitAsync(delay, stopping).ConfigureAwait(false);
            delay = delay * 2 < options.MaxRetryDelay ? delay * 2 : options.MaxRetryDelay;
        }
    }

    private async Task OwnAsync(ShardLease lease, Manifest? manifest, CancellationToken stopping)
    {
        Log.ShardAcquired(log, shard, lease.Stamp, manifest is not null);
        using var abandon = new CancellationTokenSource();
        using var ended = new CancellationTokenSource();
        await using var grace = stopping.Register(() => abandon.CancelAfter(StopGrace)).ConfigureAwait(false);
        var keeping = KeepAsync(lease, abandon, ended.Token);
        try
        {
            await consumer.ConsumeAsync(lease, manifest, stopping, abandon.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new LeaseLostException("The lease was lost in the middle of a batch.");
        }
        catch (OperationCanceledException)
        {
            Log.BatchAbandoned(log, shard);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await keeping.ConfigureAwait(false);
            await ((Task)ledger.ReleaseAsync(lease)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Renews until <paramref name="ended"/>; gives the batch up when the lease is gone or has run out.</summary>
    private async Task KeepAsync(ShardLease lease, CancellationTokenSource abandon, CancellationToken ended)
    {
        while (true)
        {
            await WaitAsync(options.LeaseTime / 4, ended).ConfigureAwait(false);
            if (ended.IsCancellationRequested)
                return;
            try
            {
                await ledger.RenewAsync(lease).ConfigureAwait(false);
                continue;
            }
            catch (LeaseLostException)
            {
                Log.LeaseLost(log, shard);
            }
            catch (Exception e)
            {
                Log.LeaseNotRenewed(log, shard, e.Message);
                if (lease.IsHeld)
                    continue;
            }

            await abandon.CancelAsync().ConfigureAwait(false);
            return;
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellation) =>
        await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
