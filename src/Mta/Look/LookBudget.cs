namespace Delivery.Mta.Look;

/// <summary>Time that one look may take, so that none keeps the machine from sending.</summary>
internal readonly struct LookBudget(TimeProvider time, TimeSpan limit)
{
    private readonly long _start = time.GetTimestamp();

    public bool IsSpent => time.GetElapsedTime(_start) > limit;
}
