using System.Globalization;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Contracts.Suppressions;

/// <summary>
/// Where suppressions are: per account a hash from recipient key to <c>reason|unix ms|list</c>, and one log of changes that mirrors follow.
/// All under one hash tag, so that state and log change in one step.
/// </summary>
public sealed class SuppressionKeys(RedisOptions options)
{
    private readonly string _prefix = options.Prefix + "{suppressions}:";

    /// <summary>Set of the accounts that have suppressions.</summary>
    public RedisKey Accounts => _prefix + "accounts";

    /// <summary>Stream of changes: fields <c>a</c> account, <c>k</c> recipient key in hex, <c>o</c> <c>add</c> or <c>remove</c>.</summary>
    public RedisKey Log => _prefix + "log";

    public RedisKey Of(uint account) => _prefix + account.ToString(CultureInfo.InvariantCulture);
}
