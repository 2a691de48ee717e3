using System.Text.Json.Serialization;

namespace Delivery.Tracker.Telemetry;

/// <summary>
/// What <c>/readyz</c> and <c>/status</c> show; counts since the start. At rest, opened, clicked, unsubscribed, resubscribed
/// and recovered together are published, waiting, dropped, shed and over limit together.
/// </summary>
internal sealed record TrackerStatus
{
    /// <summary>Redis answers now.</summary>
    public required bool Redis { get; init; }

    /// <summary>It was told to stop: it answers readers, and wants no new ones.</summary>
    public required bool Stopping { get; init; }

    /// <summary>What an operator should look at before it is a fault. Empty as a rule.</summary>
    public required string[] Notes { get; init; }

    /// <summary>Events that wait for Redis, on disk or about to be.</summary>
    public required long Waiting { get; init; }

    /// <summary>Bytes of the journal on disk.</summary>
    public required long JournalBytes { get; init; }

    public required long JournalMaxBytes { get; init; }

    public required int JournalPercent { get; init; }

    /// <summary>-1 where the disk does not tell.</summary>
    public required long JournalDiskFreeBytes { get; init; }

    /// <summary>Requests that wait until their event is in Redis or on disk.</summary>
    public required int InFlight { get; init; }

    /// <summary>The journal is full or its disk does not write: without Redis, events are dropped now.</summary>
    public required bool JournalRefuses { get; init; }

    public required long Opened { get; init; }

    public required long Clicked { get; init; }

    public required long Unsubscribed { get; init; }

    public required long Resubscribed { get; init; }

    public required long Forged { get; init; }

    public required long Published { get; init; }

    public required long Journaled { get; init; }

    /// <summary>Events that an earlier run had left in the journal and Redis did not have.</summary>
    public required long Recovered { get; init; }

    public required long NotConfirmed { get; init; }

    public required long Dropped { get; init; }

    public required long Shed { get; init; }

    public required long OverLimit { get; init; }

    public required long Resent { get; init; }

    public required long Gaps { get; init; }

    public required long PublishFailures { get; init; }

    public required long UnsubscribeFailures { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrackerStatus))]
internal sealed partial class TrackerJson : JsonSerializerContext;
