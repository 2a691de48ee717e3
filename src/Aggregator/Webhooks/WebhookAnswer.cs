using System.Globalization;
using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Webhooks;

/// <summary>A webhook as the API shows it.</summary>
/// <param name="State"><c>active</c>, <c>disabled</c> (by its account), <c>paused</c> (nothing but failures for too long) or <c>gone</c> (the receiver answered 410).</param>
/// <param name="Secret">Only when it was just made.</param>
internal sealed record WebhookAnswer(
    string Id,
    string Url,
    IReadOnlyList<string> Events,
    string? CampaignId,
    bool Enabled,
    string State,
    DateTimeOffset Created,
    WebhookStatus Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? OldSecretUntil = null)
{
    public static WebhookAnswer Of(Subscription subscription, WebhookTable table, SenderState state, DateTimeOffset now, string? secret = null) => new(
        subscription.Id,
        subscription.Url,
        subscription.Events,
        subscription.CampaignId,
        subscription.Enabled,
        !subscription.Enabled ? "disabled" : table.Stopped.GetValueOrDefault(subscription.Id) switch
        {
            null => "active",
            "gone" => "gone",
            _ => "paused",
        },
        subscription.Created,
        WebhookStatus.Of(state, now),
        secret,
        now < subscription.OldSecretUntil ? subscription.OldSecretUntil : null);
}

/// <param name="Behind">Numbers of events, wanted or not and of all accounts, that were not looked at yet when the sender last said.</param>
/// <param name="LagSeconds">Age of the oldest event of the batch that is being sent; null where none is.</param>
/// <param name="Failures">In a row.</param>
internal sealed record WebhookStatus(
    long Behind,
    double? LagSeconds,
    string? Batch,
    DateTimeOffset? LastAttempt,
    DateTimeOffset? LastSuccess,
    int Failures,
    DateTimeOffset? FailingSince,
    DateTimeOffset? NextAttempt,
    string? LastError)
{
    public static WebhookStatus Of(SenderState state, DateTimeOffset now) => new(
        state.Behind,
        state.Pending is { } pending ? Math.Max(0, now.ToUnixTimeMilliseconds() - pending.OldestMs) / 1000.0 : null,
        state.Pending?.Id,
        Time(state.LastAttempt),
        Time(state.LastSuccess),
        state.Failures,
        Time(state.FailingSince),
        Time(state.NextAttempt),
        state.LastError);

    private static DateTimeOffset? Time(long? ms) => ms is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}

internal sealed record WebhookList(IReadOnlyList<WebhookAnswer> Webhooks);

internal sealed record AttemptList(string Webhook, IReadOnlyList<AttemptLine> Attempts);

/// <param name="Answer">Beginning of what the receiver said.</param>
internal sealed record TestAnswer(bool Taken, int? Status, string? Error, string Answer, long DurationMs, string Batch);
