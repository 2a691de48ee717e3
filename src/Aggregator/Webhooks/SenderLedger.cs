using System.Text.Json;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Webhooks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Webhooks;

/// <summary>A sender's lease and what it writes under it. A call that fails or times out is unknown; all may be repeated. Thread-safe.</summary>
internal sealed class SenderLedger(IConnectionMultiplexer redis, IOptions<RedisOptions> streams, IOptions<AggregatorOptions> options, TimeProvider time)
{
    /// <summary>Attempts kept of each webhook.</summary>
    public const int AttemptsKept = 100;

    private readonly WebhookKeys _keys = new(streams.Value);
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    private long LeaseMs => (long)options.Value.LeaseTime.TotalMilliseconds;

    /// <summary>Null where another sends for it, or it is gone.</summary>
    public async Task<ShardLease?> TryAcquireAsync(string id)
    {
        var asked = time.GetTimestamp();
        var stamp = await RunAsync(WebhookScripts.Acquire, [_keys.Lease(id), _keys.Epoch(id), _keys.Subscriptions], [_owner, LeaseMs, id]).ConfigureAwait(false);
        return stamp.IsNull ? null : new ShardLease((string)stamp!, asked, options.Value.LeaseTime, time);
    }

    /// <exception cref="LeaseLostException">It is not ours any more.</exception>
    public async Task RenewAsync(string id, ShardLease lease)
    {
        var asked = time.GetTimestamp();
        Demand(await RunAsync(WebhookScripts.Renew, [_keys.Lease(id)], [lease.Stamp, LeaseMs]).ConfigureAwait(false));
        lease.Renewed(asked);
    }

    public Task ReleaseAsync(string id, ShardLease lease) => RunAsync(WebhookScripts.Release, [_keys.Lease(id)], [lease.Stamp]);

    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    public async Task SaveAsync(string id, ShardLease lease, SenderState state, AttemptLine? attempt = null)
    {
        var line = attempt is null ? "" : JsonSerializer.Serialize(attempt, WebhookJson.Default.AttemptLine);
        Demand(await RunAsync(
            WebhookScripts.Save, [_keys.Lease(id), _keys.State(id), _keys.Attempts(id)], [lease.Stamp, line, AttemptsKept, .. state.ToFields()]).ConfigureAwait(false));
    }

    /// <summary>Nothing more is sent until somebody resumes it.</summary>
    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    public async Task StopAsync(string id, ShardLease lease, string why) =>
        Demand(await RunAsync(WebhookScripts.Stop, [_keys.Lease(id), _keys.Stopped, _keys.Version], [lease.Stamp, id, why]).ConfigureAwait(false));

    private static void Demand(RedisResult reply)
    {
        if ((int)reply != 1)
            throw new LeaseLostException("Another aggregator sends for the webhook, or it was deleted.");
    }

    private Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments) =>
        redis.GetDatabase().ScriptEvaluateAsync(script, keys, arguments).WaitAsync(options.Value.RedisTimeout);
}
