using System.ComponentModel.DataAnnotations;

namespace Delivery.Aggregator.Live;

/// <summary>Counters of a job while they change.</summary>
internal sealed class LiveOptions
{
    /// <summary>Least time between two looks at a job that somebody watches.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a change a line that says nothing keeps the connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections that an account may have open.</summary>
    [Range(1, 10_000)]
    public int MaxWatchers { get; set; } = 50;
}
