namespace Delivery.Cli.Processes;

/// <summary>How long a child that died stays down: 1 s, 2 s, 4 s … 30 s. A run of a minute or more starts the row again. Not thread-safe.</summary>
internal sealed class BackOff
{
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private TimeSpan _next = First;

    /// <param name="lived">How long the child that just died had run.</param>
    public TimeSpan Next(TimeSpan lived)
    {
        if (lived >= Healthy)
            _next = First;
        var delay = _next;
        _next = delay * 2 < Cap ? delay * 2 : Cap;
        return delay;
    }
}
