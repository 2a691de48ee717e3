using Delivery.Testing;

namespace Delivery.Integration.Tests.Kills;

/// <summary>A program that the <see cref="Killer"/> may strike, and what was done to it.</summary>
internal sealed class Victim(RestartableProcess program)
{
    private int _kills;
    private int _stops;

    public RestartableProcess Program => program;

    /// <summary>It is down, or about to be.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Times it was killed with SIGKILL.</summary>
    public int Kills => _kills;

    /// <summary>Times it was stopped with SIGTERM.</summary>
    public int Stops => _stops;

    /// <summary>The longest time from a SIGTERM to its end.</summary>
    public TimeSpan LongestStop { get; private set; }

    public void Killed() => _kills++;

    public void Stopped(TimeSpan took)
    {
        _stops++;
        LongestStop = took > LongestStop ? took : LongestStop;
    }
}
