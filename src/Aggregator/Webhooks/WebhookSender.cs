using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Streams;
using Delivery.Aggregator.Telemetry;
using StackExchange.Redis;

namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// Sends for one webhook while its lease is ours: plan a batch, write the plan down, send it until the receiver takes it, move the cursor.
/// Whoever comes after an end in between sends the same plan under the same id. One run at a time.
/// </summary>
internal sealed class WebhookSender(
    Subscription subscription, SenderParts parts, AggregatorOptions options, TimeProvider time, ILogger<WebhookSender> log)
{
    private const string Failing = "failing";
    private const string Gone = "gone";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    private string Id => subscription.Id;

    private WebhookOptions Settings => options.Webhooks;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Returns when <paramref name="stopping"/> says so, the webhook is stopped, or the lease is lost; never throws.</summary>
    public async Task RunAsync(ShardLease lease, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = KeepAsync(lease, ended);
        var pause = FirstPause;
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await SendAllAsync(lease, ended.Token).ConfigureAwait(false);
                break;
            }
            catch (Exception e) when (e is LeaseLostException or OperationCanceledException)
            {
                break;
            }
            catch (Exception e) when (e is ClickHouseException or RedisException or TimeoutException)
            {
                Log.WebhookWaits(log, Id, e.Message);
            }
            catch (Exception e)
            {
                Log.WebhookFaulted(log, e, Id);
            }

            await WaitAsync(pause, ended.Token).ConfigureAwait(false);
            pause = pause * 2 < options.MaxRetryDelay ? pause * 2 : options.MaxRetryDelay;
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await keeping.ConfigureAwait(false);
        await ((Task)parts.Ledger.ReleaseAsync(Id, lease)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        parts.Metrics.Forget(Id);
    }

    private async Task SendAllAsync(ShardLease lease, CancellationToken cancellation)
    {
        var state = await parts.Store.StateAsync(Id).ConfigureAwait(false);
        if (state.Pending is { } left && left.Revision != subscription.Revision)
            state = state with { Pending = null };
        var feed = new EventFeed(parts.Query, parts.Marks, subscription, state.Cursor, Settings.MaxBatchEvents);
        for (var saved = time.GetTimestamp(); ;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (state.Pending is { } pending)
            {
                if (await SendAsync(lease, state, pending, cancellation).ConfigureAwait(false) is not { } next)
                    return;
                state = next;
                if (state.Pending is null)
                    feed.Sent(pending);
                saved = time.GetTimestamp();
                continue;
            }

            var stand = await parts.Marks.LookAsync(cancellation).ConfigureAwait(false);
            var planned = await feed.NextAsync(stand, cancellation).ConfigureAwait(false);
            state = state with { Pending = planned, Cursor = planned is null ? feed.Cursor : state.Cursor, Behind = feed.Behind(stand) };
            parts.Metrics.Stands(Id, state.FailingSince, planned?.OldestMs);
            if (planned is not null || time.GetElapsedTime(saved) > SaveEvery)
            {
                await parts.Ledger.SaveAsync(Id, lease, state).ConfigureAwait(false);
                saved = time.GetTimestamp();
            }

            if (planned is null)
                await WaitAsync(Settings.Poll, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>One attempt, once it is due. Null where nothing more is to be sent for the webhook.</summary>
    private async Task<SenderState?> SendAsync(ShardLease lease, SenderState state, PendingBatch pending, CancellationToken cancellation)
    {
        while (state.NextAttempt is { } due && due - Now is > 0 and var left)
        {
            await WaitAsync(TimeSpan.FromMilliseconds(left), cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }

        var (result, events) = await parts.Slots.RunAsync(
            state.Failures > 0,
            async () =>
            {
                var rows = await parts.Query.RowsAsync(subscription, pending.Windows, cancellation).ConfigureAwait(false);
                var (body, events) = BatchBody.Write(pending.Id, Id, rows);
                lease.Demand();
                return events == 0 ? (null, 0) : (await parts.Http.SendAsync(subscription, pending.Id, body, cancellation).ConfigureAwait(false), events);
            },
            cancellation).ConfigureAwait(false);
        if (result is null)
        {
            // What it held has gone by retention since.
            state = state with { Pending = null, Cursor = pending.To };
            await parts.Ledger.SaveAsync(Id, lease, state).ConfigureAwait(false);
            return state;
        }

        parts.Metrics.Tried(result, events);
        return result.Taken ? await TakenAsync(lease, state, pending, result, events).ConfigureAwait(false)
            : await FailedAsync(lease, state, pending, result, events).ConfigureAwait(false);
    }

    private async Task<SenderState> TakenAsync(ShardLease lease, SenderState state, PendingBatch pending, AttemptResult result, int events)
    {
        var now = Now;
        var next = state with
        {
            Cursor = pending.To, Pending = null, Failures = 0, FailingSince = null, NextAttempt = null, LastAttempt = now, LastSuccess = now, LastError = null,
        };
        await parts.Ledger.SaveAsync(Id, lease, next, Line(now, state, pending, result, events, null)).ConfigureAwait(false);
        if (state.Failures > 0)
            Log.WebhookWell(log, Id, state.Failures);
        parts.Metrics.Stands(Id, null, null);
        return next;
    }

    private async Task<SenderState?> FailedAsync(ShardLease lease, SenderState state, PendingBatch pending, AttemptResult result, int events)
    {
        var now = Now;
        var wait = RetryDelays.After(state.Failures + 1, Random.Shared.NextDouble(), result.RetryAfter, Settings);
        var since = state.FailingSince ?? now;
        var stop = result.IsGone ? Gone : now - since >= Settings.PauseAfter.TotalMilliseconds ? Failing : null;
        long? due = stop is null ? now + (long)wait.TotalMilliseconds : null;
        var next = state with
        {
            Failures = state.Failures + 1, FailingSince = since, NextAttempt = due, LastAttempt = now, LastError = result.Error,
        };
        await parts.Ledger.SaveAsync(Id, lease, next, Line(now, state, pending, result, events, due)).ConfigureAwait(false);
        parts.Metrics.Stands(Id, since, pending.OldestMs);
        if (state.Failures == 0)
            Log.WebhookFails(log, Id, subscription.Account, result.Error!);
        if (stop is null)
            return next;
        await parts.Ledger.StopAsync(Id, lease, stop).ConfigureAwait(false);
        Log.WebhookStopped(log, Id, subscription.Account, stop == Gone ? "the receiver wants no more (410)" : "nothing but failures for too long", result.Error!);
        return null;
    }

    private static AttemptLine Line(long now, SenderState state, PendingBatch pending, AttemptResult result, int events, long? due) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(now), pending.Id, events, state.Failures + 1, result.Status, (long)result.Duration.TotalMilliseconds, result.Error,
        due is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);

    private async Task KeepAsync(ShardLease lease, CancellationTokenSource ended)
    {
        while (true)
        {
            await WaitAsync(options.LeaseTime / 4, ended.Token).ConfigureAwait(false);
            if (ended.IsCancellationRequested)
                return;
            try
            {
                await parts.Ledger.RenewAsync(Id, lease).ConfigureAwait(false);
                continue;
            }
            catch (LeaseLostException)
            {
                // Said by what follows: the run ends, and begins anew where the lease can be had.
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                if (lease.IsHeld)
                    continue;
            }

            await ended.CancelAsync().ConfigureAwait(false);
            return;
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellation) =>
        await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
