using System.Globalization;
using System.Text.Json;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Webhooks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Webhooks in Redis, as the API sees and changes them. Thread-safe.</summary>
internal sealed class SubscriptionStore(IConnectionMultiplexer redis, IOptions<RedisOptions> streams, IOptions<AggregatorOptions> options)
{
    private readonly WebhookKeys _keys = new(streams.Value);

    /// <summary>One more with each change.</summary>
    public async Task<string> VersionAsync() => (string?)await Redis.StringGetAsync(_keys.Version).WaitAsync(Deadline).ConfigureAwait(false) ?? "0";

    /// <summary>All of all accounts, with why a sender stopped them.</summary>
    public async Task<WebhookTable> AllAsync()
    {
        // The version first: what changes after it is seen at the next look.
        var version = await VersionAsync().ConfigureAwait(false);
        var entries = await Redis.HashGetAllAsync(_keys.Subscriptions).WaitAsync(Deadline).ConfigureAwait(false);
        var stopped = await Redis.HashGetAllAsync(_keys.Stopped).WaitAsync(Deadline).ConfigureAwait(false);
        return new WebhookTable(
            version,
            entries.Select(entry => JsonSerializer.Deserialize((string)entry.Value!, WebhookJson.Default.Subscription)!).ToDictionary(one => one.Id, StringComparer.Ordinal),
            stopped.ToDictionary(entry => (string)entry.Name!, entry => (string)entry.Value!, StringComparer.Ordinal));
    }

    /// <summary>Writes one. False where anything changed since <paramref name="version"/>: look again.</summary>
    /// <param name="restart">Take away what stopped it, and try at once.</param>
    /// <param name="start">Where a new one begins.</param>
    public async Task<bool> PutAsync(string version, Subscription subscription, bool restart, FeedCursor? start = null)
    {
        var id = subscription.Id;
        var arguments = new List<RedisValue> { version, id, JsonSerializer.Serialize(subscription, WebhookJson.Default.Subscription), restart ? "1" : "0" };
        if (start is not null)
            arguments.AddRange([SenderState.CursorField, JsonSerializer.Serialize(start, WebhookJson.Default.FeedCursor)]);
        return (int)await RunAsync(WebhookScripts.Put, [_keys.Subscriptions, _keys.Stopped, _keys.Version, _keys.State(id)], [.. arguments]).ConfigureAwait(false) == 1;
    }

    public Task DeleteAsync(string id) =>
        RunAsync(WebhookScripts.Delete, [_keys.Subscriptions, _keys.Stopped, _keys.Version, _keys.State(id), _keys.Attempts(id), _keys.Lease(id), _keys.Epoch(id)], [id]);

    public async Task<SenderState> StateAsync(string id) =>
        SenderState.Read(await Redis.HashGetAllAsync(_keys.State(id)).WaitAsync(Deadline).ConfigureAwait(false));

    /// <summary>The newest first.</summary>
    public async Task<List<AttemptLine>> AttemptsAsync(string id, int limit)
    {
        var lines = await Redis.ListRangeAsync(_keys.Attempts(id), 0, limit - 1).WaitAsync(Deadline).ConfigureAwait(false);
        return [.. lines.Select(line => JsonSerializer.Deserialize((string)line!, WebhookJson.Default.AttemptLine)!)];
    }

    private IDatabase Redis => redis.GetDatabase();

    private TimeSpan Deadline => options.Value.RedisTimeout;

    private Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments) =>
        Redis.ScriptEvaluateAsync(script, keys, arguments).WaitAsync(Deadline);
}

/// <param name="Stopped">Id → <c>gone</c> or <c>failing</c>.</param>
internal sealed record WebhookTable(string Version, IReadOnlyDictionary<string, Subscription> All, IReadOnlyDictionary<string, string> Stopped)
{
    public bool IsActive(Subscription subscription) => subscription.Enabled && !Stopped.ContainsKey(subscription.Id);
}
