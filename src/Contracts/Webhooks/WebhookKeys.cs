using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Contracts.Webhooks;

/// <summary>Where webhooks are in Redis. All under one hash tag, so that a script may touch them together.</summary>
public sealed class WebhookKeys(RedisOptions options)
{
    public const string CursorField = "cursor";

    private readonly string _prefix = options.Prefix + "{webhooks}:";

    /// <summary>Hash: id → the webhook as JSON, the secret in it.</summary>
    public RedisKey Subscriptions => _prefix + "subscriptions";

    /// <summary>Hash: id → why a sender stopped, <c>gone</c> or <c>failing</c>; absent where none did.</summary>
    public RedisKey Stopped => _prefix + "stopped";

    /// <summary>One more with each change of the two.</summary>
    public RedisKey Version => _prefix + "version";

    /// <summary>Who sends for a webhook, by a stamp that expires.</summary>
    public RedisKey Lease(string id) => Of(id, "lease");

    /// <summary>How many leases there were.</summary>
    public RedisKey Epoch(string id) => Of(id, "epoch");

    /// <summary>Hash: where it stands; the field <see cref="CursorField"/> is its place among the events.</summary>
    public RedisKey State(string id) => Of(id, "state");

    /// <summary>List of attempts as JSON, the newest first.</summary>
    public RedisKey Attempts(string id) => Of(id, "attempts");

    private RedisKey Of(string id, string what) => $"{_prefix}{id}:{what}";
}
