using System.ComponentModel.DataAnnotations;

namespace Delivery.Aggregator.Retention;

/// <summary>How long ClickHouse keeps what is about single people. Figures stay for ever. Null keeps it; what is gone cannot be had back.</summary>
internal sealed class RetentionOptions
{
    /// <summary>Rows of <c>events</c>, by whole months: a month goes when its last moment is so long ago. At least 32 days.</summary>
    [Range(typeof(TimeSpan), "32.00:00:00", "36500.00:00:00")]
    public TimeSpan? Events { get; set; }

    /// <summary>IP and browser of readers in <c>events</c>, by whole months.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? IpAndUserAgent { get; set; }

    /// <summary>From the time of its job on, what tells who a recipient is: upstream id, domain, recipient key and metadata.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Recipients { get; set; }

    /// <summary>Time between two looks at what has become too old.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(6);
}
