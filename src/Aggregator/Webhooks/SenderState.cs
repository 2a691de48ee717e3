using System.Globalization;
using System.Text.Json;
using Delivery.Contracts.Webhooks;
using StackExchange.Redis;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Where a webhook stands, as Redis keeps it in a hash. Times are Unix milliseconds.</summary>
internal sealed record SenderState
{
    public const string CursorField = WebhookKeys.CursorField;
    public const string PendingField = "pending";
    public const string FailuresField = "failures";
    public const string FailingSinceField = "failing_since";
    public const string NextAttemptField = "next_attempt";
    public const string LastAttemptField = "last_attempt";
    public const string LastSuccessField = "last_success";
    public const string LastErrorField = "last_error";
    public const string BehindField = "behind";

    public required FeedCursor Cursor { get; init; }

    /// <summary>Begun and not taken yet; null where there is none.</summary>
    public PendingBatch? Pending { get; init; }

    /// <summary>In a row.</summary>
    public int Failures { get; init; }

    public long? FailingSince { get; init; }

    public long? NextAttempt { get; init; }

    public long? LastAttempt { get; init; }

    public long? LastSuccess { get; init; }

    public string? LastError { get; init; }

    /// <summary>Numbers that were not looked at yet when the state was written last.</summary>
    public long Behind { get; init; }

    public static SenderState Read(HashEntry[] entries)
    {
        var fields = entries.ToDictionary(entry => (string)entry.Name!, entry => (string)entry.Value!, StringComparer.Ordinal);
        return new SenderState
        {
            Cursor = Json(fields, CursorField, WebhookJson.Default.FeedCursor) ?? new FeedCursor(),
            Pending = Json(fields, PendingField, WebhookJson.Default.PendingBatch),
            Failures = (int)(Number(fields, FailuresField) ?? 0),
            FailingSince = Number(fields, FailingSinceField),
            NextAttempt = Number(fields, NextAttemptField),
            LastAttempt = Number(fields, LastAttemptField),
            LastSuccess = Number(fields, LastSuccessField),
            LastError = fields.GetValueOrDefault(LastErrorField) is { Length: > 0 } error ? error : null,
            Behind = Number(fields, BehindField) ?? 0,
        };
    }

    /// <summary>Every field with its value, empty where there is none.</summary>
    public RedisValue[] ToFields() =>
    [
        CursorField, JsonSerializer.Serialize(Cursor, WebhookJson.Default.FeedCursor),
        PendingField, Pending is null ? "" : JsonSerializer.Serialize(Pending, WebhookJson.Default.PendingBatch),
        FailuresField, Failures,
        FailingSinceField, Text(FailingSince),
        NextAttemptField, Text(NextAttempt),
        LastAttemptField, Text(LastAttempt),
        LastSuccessField, Text(LastSuccess),
        LastErrorField, LastError ?? "",
        BehindField, Behind,
    ];

    private static T? Json<T>(Dictionary<string, string> fields, string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => fields.GetValueOrDefault(name) is { Length: > 0 } text ? JsonSerializer.Deserialize(text, type) : null;

    private static long? Number(Dictionary<string, string> fields, string name) =>
        long.TryParse(fields.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static RedisValue Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
