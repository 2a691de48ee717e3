using Delivery.Contracts.Access;
using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Audience;
using Delivery.Tracker.Classification;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>
/// <c>/u/{token}</c>. GET and HEAD show a page with a button and change nothing, for scanners follow every link. POST unsubscribes
/// (RFC 8058): any form or none, without cookies, without a redirect, as often as one likes; each is an event, the suppression is one.
/// A form of the page may name lists, a reason, or ask for the way back.
/// 200 only when the change is in Redis, or on disk with its event and so sure to get there; else 503 with Retry-After.
/// </summary>
internal sealed class UnsubscribeEndpoint(
    TrackingTokens tokens, ApiKeyTable access, TrackingDomains domains, KeptAddress address, SuppressionWriter suppressions, EventPublisher publisher,
    TrackerMetrics metrics, TimeProvider time)
{
    private const string RetryAfterSeconds = "30";

    public Task ShowAsync(HttpContext context)
    {
        if (!TryRead(context, out var token))
            return UnknownAsync(context);
        var view = new PageView(PageState.Ask, PageLanguage.Of(token.Language, context.Request), token.List, access.Find(token.Subject.Account));
        return UnsubscribePage.WriteAsync(context, StatusCodes.Status200OK, view);
    }

    public async Task ChangeAsync(HttpContext context)
    {
        if (!TryRead(context, out var token))
        {
            await UnknownAsync(context);
            return;
        }

        UnsubscribeForm form;
        try
        {
            form = await UnsubscribeForm.ReadAsync(context.Request);
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
            context.Response.Headers.Connection = "close";
            return;
        }

        var view = new PageView(PageState.AskAgain, PageLanguage.Of(token.Language, context.Request), token.List, access.Find(token.Subject.Account), Asked: form);
        if (Lists(form, token, view.Sender) is not { } lists)
        {
            await UnsubscribePage.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, view);
            return;
        }

        view = view with { Lists = lists };
        if (!await RecordAsync(context, token, form, lists))
        {
            metrics.UnsubscribeFailed();
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await UnsubscribePage.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, view with { State = PageState.TryAgain });
            return;
        }

        var state = form.IsWayBack ? PageState.Back : form.Why is null ? PageState.Done : PageState.Thanks;
        await UnsubscribePage.WriteAsync(context, StatusCodes.Status200OK, view with { State = state });
    }

    private async Task<bool> RecordAsync(HttpContext context, UnsubscribeToken token, UnsubscribeForm form, uint[] lists)
    {
        var timeMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var changes = Array.ConvertAll(lists, list => new Suppression(token.Subject.Account, list, timeMs, token.Key, Lifted: form.IsWayBack));
        var outcome = await publisher.Record(
            new DeliveryEvent
            {
                Kind = form.IsWayBack ? EventKind.Resubscribed : EventKind.Unsubscribed,
                TimeMs = timeMs,
                Account = token.Subject.Account,
                Job = token.Subject.Job,
                Recipient = token.Subject.Recipient,
                Reason = form.IsOneClick ? UnsubscribeReasons.OneClick : form.IsWayBack ? UnsubscribeReasons.Page : form.Why ?? UnsubscribeReasons.Page,
                UserAgent = ReaderClassifier.UserAgent(context.Request),
                Ip = address.Of(context),
            },
            changes);
        if (form.IsWayBack)
            metrics.Resubscribed(outcome);
        else
            metrics.Unsubscribed(outcome);
        return outcome == RecordOutcome.Recorded
            || await suppressions.TryApplyAsync(changes, patient: outcome != RecordOutcome.Journaled)
            || outcome == RecordOutcome.Journaled;
    }

    /// <summary>
    /// The lists that a form is about: those chosen that the account names, and the link's own; 0, all mail, alone where it is among them. Null where
    /// there was a choice and nothing was chosen.
    /// </summary>
    private static uint[]? Lists(UnsubscribeForm form, in UnsubscribeToken token, Account? sender)
    {
        if (form.Chosen is not { } chosen)
            return [token.List];
        if (chosen.Contains(0u))
            return [0];
        var own = token.List;
        uint[] lists = [.. chosen.Where(list => list == own || sender?.Lists.Any(named => named.Id == list) == true)];
        return lists.Length == 0 ? null : lists;
    }

    private Task UnknownAsync(HttpContext context)
    {
        metrics.Forged();
        return UnsubscribePage.WriteAsync(
            context, StatusCodes.Status404NotFound, new PageView(PageState.Unknown, PageLanguage.Of(MailLanguage.Unknown, context.Request)));
    }

    private bool TryRead(HttpContext context, out UnsubscribeToken token) =>
        tokens.TryReadUnsubscribe((string?)context.Request.RouteValues["token"], out token) && !domains.IsForeign(context.Request, token.Subject.Account);
}
