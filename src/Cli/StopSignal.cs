using System.Runtime.InteropServices;

namespace Delivery.Cli;

/// <summary>
/// The first Ctrl-C, SIGTERM or SIGHUP asks for a clean stop; a further one ends at once. What comes within a second of the
/// first is the same request: some tools signal a process and then its group.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private static readonly TimeSpan SameRequest = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeProvider _time;
    private long _first;

    public StopSignal(TimeProvider time)
    {
        _time = time;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Runs when ending at once is asked for.</summary>
    public Action? AtOnce { get; set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        var now = _time.GetTimestamp();
        var first = Interlocked.CompareExchange(ref _first, now, 0);
        if (first == 0)
            _source.Cancel();
        else if (_time.GetElapsedTime(first, now) > SameRequest)
            AtOnce?.Invoke();
    }
}
