using System.ComponentModel.DataAnnotations;

namespace Delivery.Aggregator.Hindsight;

/// <summary>How classes are revised once several events can be seen together, section <c>Aggregator:Hindsight</c>.</summary>
internal sealed class HindsightOptions
{
    /// <summary>Whether classes are revised at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Least time from one look to the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Recipients looked at with one statement. A look takes a quarter of <see cref="Interval"/> at most, or one statement; who is left waits for the next.</summary>
    [Range(1, 5_000)]
    public int Recipients { get; set; } = 2_000;

    /// <summary>Recipients remembered for the next look; where there are more, they are found in ClickHouse.</summary>
    [Range(1, 10_000_000)]
    public int Remembered { get; set; } = 200_000;

    /// <summary>So many different links followed within <see cref="BurstWindow"/> are a burst, however many the mail has.</summary>
    [Range(2, 1_000)]
    public int BurstLinks { get; set; } = 5;

    /// <summary>The time in which nobody follows <see cref="BurstLinks"/> links by hand.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan BurstWindow { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The part of a mail's links that counts as all of them, as conditional blocks leave some out.</summary>
    [Range(0.1, 1.0)]
    public double BurstShare { get; set; } = 0.8;

    /// <summary>All links, and two or more, followed by a burst that begins within this after delivery, are a scanner's.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan EarlyAfterDelivery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A single click sooner than this after delivery is a scanner's; 0 switches it off. The clocks of Mta and tracker must agree.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BeforeReading { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How far around a click on the link that no person can see the same reader's events are a scanner's.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan AroundScannerLink { get; set; } = TimeSpan.FromSeconds(15);
}
