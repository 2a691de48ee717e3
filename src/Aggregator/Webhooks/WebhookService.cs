using System.Text.Json;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Streams;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Access;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// Has a sender at work for every webhook that no other aggregator sends for, while its account is enabled, and starts it anew when the webhook changes.
/// </summary>
internal sealed class WebhookService(
    SubscriptionStore store, SenderLedger ledger, SenderParts parts, ApiKeyTable accounts, SchemaState schema, IOptions<AggregatorOptions> options, TimeProvider time,
    ILoggerFactory logs) : BackgroundService
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
                // Before Redis is asked: nothing more is to leave for such an account, whatever else fails.
                await EndAsync(running => !MaySend(running.Subscription)).ConfigureAwait(false);
                var changed = table is null || table.Version != await store.VersionAsync().ConfigureAwait(false);
                if (changed)
                    table = await store.AllAsync().ConfigureAwait(false);
                await EndAsync(running => running.Ended || !Holds(table!, running.Subscription)).ConfigureAwait(false);
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

    private async Task EndAsync(Func<Running, bool> which)
    {
        var ending = _running.Values.Where(which).ToArray();
        await Task.WhenAll(ending.Select(running => running.StopAsync())).ConfigureAwait(false);
        foreach (var running in ending)
            _running.Remove(running.Subscription.Id);
    }

    /// <summary>An account that only the settings know cannot be disabled.</summary>
    private bool MaySend(Subscription subscription) => accounts.Find(subscription.Account) is not { Disabled: true };

    /// <summary>Whether it is as it was when its sender began, and neither stopped nor gone.</summary>
    private static bool Holds(WebhookTable table, Subscription begun) =>
        table.All.TryGetValue(begun.Id, out var now) && table.IsActive(now) && Text(begun) == Text(now);

    private static string Text(Subscription subscription) => JsonSerializer.Serialize(subscription, WebhookJson.Default.Subscription);

    private async Task AcquireAsync(WebhookTable table, CancellationToken stopping)
    {
        foreach (var subscription in table.All.Values)
        {
            if (_running.ContainsKey(subscription.Id) || !table.IsActive(subscription) || !MaySend(subscription))
                continue;
            if (await ledger.TryAcquireAsync(subscription.Id).ConfigureAwait(false) is { } lease)
                _running[subscription.Id] = Running.Begin(subscription, Sender(subscription), lease, stopping);
        }
    }

    private WebhookSender Sender(Subscription subscription) => new(subscription, parts, options.Value, time, logs.CreateLogger<WebhookSender>());

    private sealed class Running
    {
        private readonly CancellationTokenSource _stop;
        private Task _task = Task.CompletedTask;

        private Running(Subscription subscription, CancellationTokenSource stop) => (Subscription, _stop) = (subscription, stop);

        public Subscription Subscription { get; }

        public bool Ended => _task.IsCompleted;

        public static Running Begin(Subscription subscription, WebhookSender sender, ShardLease lease, CancellationToken stopping)
        {
            var running = new Running(subscription, CancellationTokenSource.CreateLinkedTokenSource(stopping));
            running._task = sender.RunAsync(lease, running._stop.Token);
            return running;
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
