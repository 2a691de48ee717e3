using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Audience;
using Delivery.Tracker.Classification;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Opens;

/// <summary>
/// <c>GET|HEAD /o/{token}</c>: always the pixel, whatever the token and whatever happens behind; a genuine token records <c>opened</c>.
/// HEAD records too, as class scanner with reason <c>head_request</c>: no mail client shows a picture by HEAD, and nothing is thrown away.
/// </summary>
internal sealed class OpenEndpoint(
    TrackingTokens tokens, TrackingDomains domains, KeptAddress address, ClientLimit limit, EventPublisher publisher, ReaderClassifier classifier, TrackerMetrics metrics, TimeProvider time)
{
    public Task HandleAsync(HttpContext context) => HandleAsync(context, (string?)context.Request.RouteValues["token"]);

    public Task HandleAsync(HttpContext context, ReadOnlySpan<char> token)
    {
        if (!tokens.TryReadOpen(token, out var subject) || domains.IsForeign(context.Request, subject.Account))
        {
            metrics.Forged();
            return Pixel.WriteAsync(context);
        }

        if (!limit.Lets(context.Connection.RemoteIpAddress))
        {
            metrics.Opened(RecordOutcome.OverLimit);
            return Pixel.WriteAsync(context);
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var userAgent = ReaderClassifier.UserAgent(context.Request);
        var reader = classifier.Classify(EventKind.Opened, context.Request, userAgent, subject.SentAt, now);
        var recorded = publisher.Record(new DeliveryEvent
        {
            Kind = EventKind.Opened,
            TimeMs = now,
            Account = subject.Account,
            Job = subject.Job,
            Recipient = subject.Recipient,
            Class = reader.Class,
            ClassReason = reader.Reason,
            UserAgent = userAgent,
            Ip = address.Of(context),
        });
        return AnswerAsync(context, recorded);
    }

    private async Task AnswerAsync(HttpContext context, Task<RecordOutcome> recorded)
    {
        metrics.Opened(await recorded);
        await Pixel.WriteAsync(context);
    }
}
