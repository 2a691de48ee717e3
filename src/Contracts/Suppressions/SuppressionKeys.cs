using System.Globalization;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Contracts.Suppressions;

/// <summary>
/// Where suppressions are: per account a hash from recipient key to <see cref="SuppressionValue"/>, and one log of changes that mirrors follow.
/// All under one hash tag, so that state, log and version change in one step.
/// </summary>
public sealed class SuppressionKeys(RedisOptions options)
{
    private readonly string _prefix = options.Prefix + "{suppressions}:";

    /// <summary>Set of the accounts that have suppressions.</summary>
    public RedisKey Accounts => _prefix + "accounts";

    /// <summary>
    /// Stream of changes: fields <c>n</c> the version that the change made, <c>a</c> account, <c>k</c> recipient key in hex,
    /// <c>v</c> the key's whole value after it, empty where nothing is left.
    /// </summary>
    public RedisKey Log => _prefix + "log";

    /// <summary>How many changes there were: one more with each.</summary>
    public RedisKey Version => _prefix + "version";

    /// <summary>A random word that tells this state from any other; made with the first suppression, or by the first that asks.</summary>
    public RedisKey Epoch => _prefix + "epoch";

    public RedisKey Of(uint account) => _prefix + account.ToString(CultureInfo.InvariantCulture);
}
