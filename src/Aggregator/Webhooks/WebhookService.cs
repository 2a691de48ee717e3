using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Streams;
using Delivery.Aggregator.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// Has a sender at work for every webhook that no other aggregator sends for, and starts it anew when the webhook changes.
/// </summary>
internal sealed class WebhookService(
    SubscriptionStore store, SenderLedger ledger, SenderParts parts, SchemaState schema, IOptions<AggregatorOptions> options, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private readonly ILogger<WebhookService> _log = logs.CreateLogger<WebhookService>();
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Webhooks.Enabled)
            return;
        WebhookTable? table = null;
        long? acquired = null;
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var changed = table is null || table.Version != await store.VersionAsync().ConfigureAwait(false);
                if (changed)
                    table = await store.AllAsync().ConfigureAwait(false);
                await EndAsync(table!).ConfigureAwait(false);
                if (schema.IsReady && (changed || acquired is not { } last || time.GetElapsedTime(last) > options.Value.LeaseTime / 8))
                {
                    await AcquireAsync(table!, stoppingToken).ConfigureAwait(false);
                    acquired = time.GetTimestamp();
                }

                failing = false;
            }
            catch (Exception e)
            {
                // Whatever it is, events are counted all the same, and the senders that run go on.
                if (!failing)
                    Log.WebhooksUnread(_log, e.Message);
                failing = true;
            }

            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var one in _running.Values)
            await one.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Stops those that changed, are stopped or gone, and forgets those that ended.</summary>
    private async Task EndAsync(WebhookTable table)
    {
        foreach (var (id, running) in _running.ToArray())
        {
            var holds = table.All.TryGetValue(id, out var now) && table.IsActive(now) && running.IsOf(now);
            if (holds && !running.Ended)
                continue;
            await running.StopAsync().ConfigureAwait(false);
            _running.Remove(id);
        }
    }

    private async Task AcquireAsync(WebhookTable table, CancellationToken stopping)
    {
        foreach (var subscription in table.All.Values)
        {
            if (_running.ContainsKey(subscription.Id) || !table.IsActive(subscription))
                continue;
            if (await ledger.TryAcquireAsync(subscription.Id).ConfigureAwait(false) is { } lease)
                _running[subscription.Id] = Running.Begin(subscription, Sender(subscription), lease, stopping);
        }
    }

    private WebhookSender Sender(Subscription subscription) => new(subscription, parts, options.Value, time, logs.CreateLogger<WebhookSender>());

    private sealed class Running
    {
        private readonly CancellationTokenSource _stop;
        private readonly string _definition;
        private Task _task = Task.CompletedTask;

        private Running(Subscription subscription, CancellationTokenSource stop) => (_definition, _stop) = (Text(subscription), stop);

        public bool Ended => _task.IsCompleted;

        public static Running Begin(Subscription subscription, WebhookSender sender, ShardLease lease, CancellationToken stopping)
        {
            var running = new Running(subscription, CancellationTokenSource.CreateLinkedTokenSource(stopping));
            running._task = sender.RunAsync(lease, running._stop.Token);
            return running;
        }

        public bool IsOf(Subscription subscription) => _definition == Text(subscription);

        public async Task StopAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private static string Text(Subscription subscription) =>
            System.Text.Json.JsonSerializer.Serialize(subscription, WebhookJson.Default.Subscription);
    }
}
