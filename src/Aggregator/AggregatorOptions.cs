using System.ComponentModel.DataAnnotations;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Hindsight;
using Delivery.Aggregator.Live;
using Delivery.Aggregator.Retention;
using Delivery.Aggregator.Watch;
using Delivery.Aggregator.Webhooks;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator;

/// <summary>Settings of the aggregator, from the section <c>Aggregator</c>. A key that is not here stops the start.</summary>
internal sealed class AggregatorOptions
{
    public const string Section = "Aggregator";

    /// <summary>Where reports are served, http only. Port 0 takes a free one, which is logged.</summary>
    [Required, Url]
    public string Url { get; set; } = "http://127.0.0.1:5082";

    [Required, ValidateObjectMembers]
    public ClickHouseOptions ClickHouse { get; set; } = new();

    [Required, ValidateObjectMembers]
    public RetentionOptions Retention { get; set; } = new();

    /// <summary>Events that one insert holds at most.</summary>
    [Range(1, 1_000_000)]
    public int BatchRows { get; set; } = 100_000;

    /// <summary>Bytes of stream entries after which a batch is closed.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int BatchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Least time from one batch that was not full to the next, which bounds both staleness and the number of parts in ClickHouse.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan BatchInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a shard stays with an owner that no longer answers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause between attempts while Redis or ClickHouse is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for an answer of Redis.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How classes are revised once several events can be seen together.</summary>
    [Required, ValidateObjectMembers]
    public HindsightOptions Hindsight { get; set; } = new();

    /// <summary>Dead letters kept for each shard; the oldest go first.</summary>
    [Range(100, 10_000_000)]
    public int DeadLettersKept { get; set; } = 100_000;

    [Required, ValidateObjectMembers]
    public WatchOptions Watch { get; set; } = new();

    [Required, ValidateObjectMembers]
    public WebhookOptions Webhooks { get; set; } = new();

    [Required, ValidateObjectMembers]
    public LiveOptions Live { get; set; } = new();
}
