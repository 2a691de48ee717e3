using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Where webhooks are in Redis. All under one hash tag, so that a script may touch them together.</summary>
internal sealed class WebhookKeys(RedisOptions options)
{
    private readonly string _prefix = options.Prefix + "{webhooks}:";

    /// <summary>Hash: id → <see cref="Subscription"/> as JSON, the secret in it.</summary>
    public RedisKey Subscriptions => _prefix + "subscriptions";

    /// <summary>Hash: id → why a sender stopped, <c>gone</c> or <c>failing</c>; absent where none did.</summary>
    public RedisKey Stopped => _prefix + "stopped";

    /// <summary>One more with each change of the two.</summary>
    public RedisKey Version => _prefix + "version";

    /// <summary>Who sends for a webhook, by a stamp that expires.</summary>
    public RedisKey Lease(string id) => Of(id, "lease");

    /// <summary>How many leases there were.</summary>
    public RedisKey Epoch(string id) => Of(id, "epoch");

    /// <summary>Hash with the fields of <see cref="SenderState"/>.</summary>
    public RedisKey State(string id) => Of(id, "state");

    /// <summary>List of <see cref="AttemptLine"/> as JSON, the newest first.</summary>
    public RedisKey Attempts(string id) => Of(id, "attempts");

    private RedisKey Of(string id, string what) => $"{_prefix}{id}:{what}";
}
