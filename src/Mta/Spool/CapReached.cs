namespace Delivery.Mta.Spool;

/// <summary>A cap of an account that stands against what it asked for.</summary>
/// <param name="RetrySeconds">When it no longer does; null where that hangs on other jobs, or where it always will.</param>
/// <param name="Wanted">How many more were asked for at once.</param>
internal sealed record CapReached(string Name, long Limit, long Used, long? RetrySeconds, long Wanted = 1)
{
    public const string RecipientsName = "max_recipients_per_day";
    public const string JobsName = "max_jobs";

    /// <summary>True where no waiting helps: what was asked for is more than the cap allows at all.</summary>
    public bool IsForGood => Wanted > Limit;
}
