namespace Delivery.Mta.Dkim;

/// <summary>
/// Has the keys read before anything is composed, and again every two seconds: files are looked at, not watched, which works on every
/// file system. A start with a file that is not fit to sign with is refused: mail waits in the spool instead of leaving unsigned.
/// </summary>
internal sealed class DkimKeyWatch(DkimKeys keys, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <exception cref="InvalidDataException">An active key is not fit to sign with.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        keys.Refresh();
        return keys.Faults is [var fault, ..]
            ? throw new InvalidDataException($"DKIM: {fault}")
            : base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            keys.Refresh();
    }
}
