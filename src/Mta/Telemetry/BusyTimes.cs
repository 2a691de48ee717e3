using System.Diagnostics;

namespace Delivery.Mta.Telemetry;

/// <summary>
/// How long each part of the path kept a thread busy since the start, waiting for the disk included. What is in none of the parts,
/// SMTP first of all, is the rest of the program's time. Thread-safe.
/// </summary>
internal sealed class BusyTimes
{
    private readonly long[] _ticks = new long[Enum.GetValues<Part>().Length];

    public enum Part
    {
        /// <summary>Requests parsed and checked, recipients and events made of them.</summary>
        Accept,

        /// <summary>Claimed recipients read from the spool.</summary>
        Claim,

        /// <summary>Messages rendered and composed.</summary>
        Compose,

        /// <summary>Transactions on the spool, their fsync included.</summary>
        Spool,

        /// <summary>Events read from the outbox.</summary>
        Publish,
    }

    /// <summary>Adds what passed since <paramref name="start"/>, a <see cref="Stopwatch"/> timestamp.</summary>
    public void Add(Part part, long start) => Interlocked.Add(ref _ticks[(int)part], Stopwatch.GetTimestamp() - start);

    public double Seconds(Part part) => (double)Interlocked.Read(ref _ticks[(int)part]) / Stopwatch.Frequency;
}
