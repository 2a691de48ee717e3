namespace Delivery.Mta.Suppressions;

/// <summary>How following the log ended.</summary>
internal enum FollowResult
{
    /// <summary>The copy is what Redis holds.</summary>
    CaughtUp,

    /// <summary>The log does not reach back to where the copy stands: load anew.</summary>
    TooFarBehind,

    /// <summary>Redis has forgotten changes that the copy holds, or is another one.</summary>
    RedisIsOlder,
}
