using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Classification;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>
/// <c>/u/{token}</c>. GET and HEAD show a page with a button and change nothing, for scanners follow every link. POST unsubscribes
/// (RFC 8058): any form or none, without cookies, without a redirect, as often as one likes; each is an event, the suppression is one.
/// 200 only when the suppression is in Redis, or on disk with its event and so sure to get there; else 503 with Retry-After.
/// </summary>
internal sealed class UnsubscribeEndpoint(
    TrackingTokens tokens, SuppressionWriter suppressions, EventPublisher publisher, TrackerMetrics metrics, TimeProvider time)
{
    private const string RetryAfterSeconds = "30";

    public Task ShowAsync(HttpContext context)
    {
        if (TryRead(context, out _))
            return UnsubscribePage.WriteAsync(context, StatusCodes.Status200OK, PageState.Ask);
        metrics.Forged();
        return UnsubscribePage.WriteAsync(context, StatusCodes.Status404NotFound, PageState.Unknown);
    }

    public async Task UnsubscribeAsync(HttpContext context)
    {
        if (!TryRead(context, out var token))
        {
            metrics.Forged();
            await UnsubscribePage.WriteAsync(context, StatusCodes.Status404NotFound, PageState.Unknown);
            return;
        }

        bool oneClick;
        try
        {
            oneClick = await OneClickForm.IsInAsync(context.Request);
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
            context.Response.Headers.Connection = "close";
            return;
        }

        var timeMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var outcome = await publisher.Record(
            new DeliveryEvent
            {
                Kind = EventKind.Unsubscribed,
                TimeMs = timeMs,
                Account = token.Subject.Account,
                Job = token.Subject.Job,
                Recipient = token.Subject.Recipient,
                Reason = oneClick ? "one_click" : "page",
                UserAgent = ReaderClassifier.UserAgent(context.Request),
                Ip = context.Connection.RemoteIpAddress,
            },
            new Suppression(token.Subject.Account, token.List, timeMs, token.Key));
        metrics.Unsubscribed(outcome);
        if (outcome != RecordOutcome.Recorded
            && !await suppressions.TryAddAsync(token, timeMs, patient: outcome != RecordOutcome.Journaled)
            && outcome != RecordOutcome.Journaled)
        {
            metrics.UnsubscribeFailed();
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await UnsubscribePage.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, PageState.TryAgain);
            return;
        }

        await UnsubscribePage.WriteAsync(context, StatusCodes.Status200OK, PageState.Done);
    }

    private bool TryRead(HttpContext context, out UnsubscribeToken token) =>
        tokens.TryReadUnsubscribe((string?)context.Request.RouteValues["token"], out token);
}
