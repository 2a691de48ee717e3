using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Audience;
using Delivery.Tracker.Classification;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Clicks;

/// <summary>
/// <c>GET|HEAD /c/{token}</c>: 302 to the destination in the token, and nowhere else; nothing of the request gets into the answer.
/// 302 and never cached, so that each click counts; no body. HEAD records too, as class scanner with reason <c>head_request</c>.
/// A forged or cut token gets 404 and records nothing. The link that no person can see leads to a line of text.
/// </summary>
internal sealed class ClickEndpoint(
    TrackingTokens tokens, TrackingDomains domains, KeptAddress address, ClientLimit limit, EventPublisher publisher, ReaderClassifier classifier, TrackerMetrics metrics, TimeProvider time)
{
    public Task HandleAsync(HttpContext context) => HandleAsync(context, (string?)context.Request.RouteValues["token"]);

    public Task HandleAsync(HttpContext context, ReadOnlySpan<char> token)
    {
        if (!tokens.TryReadClick(token, out var click) || domains.IsForeign(context.Request, click.Subject.Account))
        {
            metrics.Forged();
            return UnknownLink.WriteAsync(context);
        }

        if (!limit.Lets(context.Connection.RemoteIpAddress))
        {
            metrics.Clicked(RecordOutcome.OverLimit);
            Redirect(context, click.Url);
            return Task.CompletedTask;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var userAgent = ReaderClassifier.UserAgent(context.Request);
        var reader = classifier.Classify(EventKind.Clicked, context.Request, userAgent, click.Subject.SentAt, now, click.Place.Position);
        var recorded = publisher.Record(new DeliveryEvent
        {
            Kind = EventKind.Clicked,
            TimeMs = now,
            Account = click.Subject.Account,
            Job = click.Subject.Job,
            Recipient = click.Subject.Recipient,
            Link = click.Place.Link,
            Position = click.Place.Position,
            LoopIndex = click.Place.LoopIndex,
            Class = reader.Class,
            ClassReason = reader.Reason,
            Url = click.Url,
            UserAgent = userAgent,
            Ip = address.Of(context),
        });
        return click.Place.Position == LinkPlace.ScannerPosition
            ? AnswerScannerAsync(context, recorded)
            : AnswerAsync(context, click.Url, recorded);
    }

    private async Task AnswerScannerAsync(HttpContext context, Task<RecordOutcome> recorded)
    {
        metrics.Clicked(await recorded);
        await ScannerPage.WriteAsync(context);
    }

    private async Task AnswerAsync(HttpContext context, string url, Task<RecordOutcome> recorded)
    {
        metrics.Clicked(await recorded);
        Redirect(context, url);
    }

    private static void Redirect(HttpContext context, string url)
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        var headers = context.Response.Headers;
        headers.Location = LocationHeader.Of(url);
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentLength = 0;
    }
}
