namespace Delivery.Aggregator.Webhooks;

/// <summary>One attempt in the log of a webhook.</summary>
/// <param name="Batch">Id of the batch: the same at each attempt of it.</param>
/// <param name="Attempt">Of this batch, from 1.</param>
internal sealed record AttemptLine(DateTimeOffset At, string Batch, int Events, int Attempt, int? Status, long DurationMs, string? Error, DateTimeOffset? NextAttempt);
