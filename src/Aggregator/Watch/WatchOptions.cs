using System.ComponentModel.DataAnnotations;

namespace Delivery.Aggregator.Watch;

/// <summary>When to warn that streams grow.</summary>
internal sealed class WatchOptions
{
    /// <summary>Time between two looks.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Percent of a bound (Redis' memory, kept dead letters) that is worth a line in the log.</summary>
    [Range(1, 100)]
    public int Notice { get; set; } = 50;

    /// <summary>Percent of a bound at which somebody should act.</summary>
    [Range(1, 100)]
    public int Warning { get; set; } = 80;

    /// <summary>Percent of a bound at which it is about to be reached.</summary>
    [Range(1, 100)]
    public int Critical { get; set; } = 95;

    /// <summary>Age of the oldest unread entry from which on reports are called late.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(5);
}
