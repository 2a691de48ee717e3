namespace Delivery.Mta.Lanes;

/// <summary>What a job says about trying its recipients again.</summary>
/// <param name="StartedMs">Since when it may be sent, Unix milliseconds.</param>
/// <param name="ExpiresMs">Not sent from this on, Unix milliseconds; <see cref="long.MaxValue"/> for no end of its own.</param>
internal readonly record struct RetryTerms(long StartedMs, bool Transactional = false, long ExpiresMs = long.MaxValue);
