namespace Delivery.Mta.Spool;

/// <summary>A reply that no rule knows, as the spool counts it.</summary>
/// <param name="FirstMs">When it was first seen, Unix milliseconds.</param>
internal readonly record struct CountedReply(int Code, string Enhanced, string Text, long Count, long FirstMs, long LastMs);
