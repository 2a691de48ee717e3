namespace Delivery.Aggregator.Webhooks;

/// <summary>What came of one request.</summary>
/// <param name="Status">HTTP status; null where there was no answer.</param>
/// <param name="Error">In words; null where the receiver took it.</param>
/// <param name="Answer">Beginning of the answer's body.</param>
/// <param name="RetryAfter">What the receiver asks for.</param>
internal sealed record AttemptResult(int? Status, string? Error, string Answer, TimeSpan Duration, TimeSpan? RetryAfter)
{
    private const int Gone = 410;

    public bool Taken => Error is null;

    /// <summary>The receiver says that it wants no more.</summary>
    public bool IsGone => Status == Gone;
}
