namespace Delivery.Mta.Spool;

/// <summary>A cap of an account that stands against what it asked for.</summary>
/// <param name="RetrySeconds">When it no longer does; null where that hangs on other jobs.</param>
internal sealed record CapReached(string Name, long Limit, long Used, long? RetrySeconds)
{
    public const string RecipientsName = "max_recipients_per_day";
    public const string JobsName = "max_jobs";
}
