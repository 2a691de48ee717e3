using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Webhooks;

/// <summary>What the API does with an account's webhooks. Secrets leave it only where one was just made. Thread-safe.</summary>
internal sealed class AccountWebhooks(SubscriptionStore store, FeedMarks marks, WebhookHttp http, TestPlaces places, IOptions<AggregatorOptions> options, TimeProvider time)
{
    private const int Tries = 20;

    public async Task<List<WebhookAnswer>> ListAsync(uint account)
    {
        var table = await store.AllAsync().ConfigureAwait(false);
        var answers = new List<WebhookAnswer>();
        foreach (var one in table.All.Values.Where(one => one.Account == account).OrderBy(one => one.Created).ThenBy(one => one.Id, StringComparer.Ordinal))
            answers.Add(await AnswerAsync(one, table).ConfigureAwait(false));
        return answers;
    }

    public async Task<WebhookAnswer?> FindAsync(uint account, string id)
    {
        var table = await store.AllAsync().ConfigureAwait(false);
        return Of(table, account, id) is { } found ? await AnswerAsync(found, table).ConfigureAwait(false) : null;
    }

    /// <summary>The webhook with its secret, or why there is none.</summary>
    public async Task<(WebhookAnswer? Made, ProblemHttpResult? Refused)> CreateAsync(uint account, WebhookRequest request, CancellationToken cancellation)
    {
        var start = request.FromBeginning ? await marks.BeginningAsync().ConfigureAwait(false) : await marks.NowAsync(cancellation).ConfigureAwait(false);
        var made = new Subscription
        {
            Id = "wh_" + RandomNumberGenerator.GetHexString(24, lowercase: true),
            Account = account,
            Url = request.Url!,
            Events = request.Events ?? EventNames.All,
            CampaignId = request.Campaign.Id,
            Enabled = request.Enabled ?? true,
            Created = time.GetUtcNow(),
            Secret = WebhookSecret.New(),
        };
        for (var i = 0; i < Tries; i++)
        {
            var table = await store.AllAsync().ConfigureAwait(false);
            var own = table.All.Values.Where(one => one.Account == account).ToList();
            if (own.Find(made.WantsSameAs) is { } same)
                return (null, Conflict($"The webhook {same.Id} sends the same events there already: change it, or delete it first.", same.Id));
            if (own.Count >= options.Value.Webhooks.MaxPerAccount)
                return (null, Conflict($"The account has {own.Count} webhooks, and may have {options.Value.Webhooks.MaxPerAccount}: delete one that is not needed.", null));
            if (await store.PutAsync(table.Version, made, restart: false, start).ConfigureAwait(false))
                return (WebhookAnswer.Of(made, table, await store.StateAsync(made.Id).ConfigureAwait(false), time.GetUtcNow(), made.Secret), null);
        }

        throw new TimeoutException("Webhooks change all the time.");
    }

    /// <summary>The webhook after the change; null where the account has none of this id.</summary>
    public async Task<WebhookAnswer?> ChangeAsync(uint account, string id, Func<Subscription, Subscription> change, bool restart, bool showSecret = false)
    {
        for (var i = 0; i < Tries; i++)
        {
            var table = await store.AllAsync().ConfigureAwait(false);
            if (Of(table, account, id) is not { } found)
                return null;
            var changed = change(found);
            if (!await store.PutAsync(table.Version, changed, restart).ConfigureAwait(false))
                continue;
            table = await store.AllAsync().ConfigureAwait(false);
            return WebhookAnswer.Of(changed, table, await store.StateAsync(id).ConfigureAwait(false), time.GetUtcNow(), showSecret ? changed.Secret : null);
        }

        throw new TimeoutException("Webhooks change all the time.");
    }

    /// <summary>The webhook with its new secret; the one before signs beside it for a while.</summary>
    public Task<WebhookAnswer?> RotateAsync(uint account, string id)
    {
        var secret = WebhookSecret.New();
        return ChangeAsync(account, id, one => one.Rotated(secret, time.GetUtcNow() + options.Value.Webhooks.OldSecretKept), restart: false, showSecret: true);
    }

    public async Task<bool> DeleteAsync(uint account, string id)
    {
        if (Of(await store.AllAsync().ConfigureAwait(false), account, id) is null)
            return false;
        await store.DeleteAsync(id).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sends one example now, beside what is being sent; changes nothing. Busy where it is being tried out already, or too many others are.</summary>
    public async Task<(TestAnswer? Answer, bool Busy)> TestAsync(uint account, string id, CancellationToken cancellation)
    {
        if (Of(await store.AllAsync().ConfigureAwait(false), account, id) is not { } found)
            return (null, false);
        using var place = places.TryTake(id);
        if (place is null)
            return (null, true);
        var batch = $"test_{Guid.NewGuid():N}";
        var result = await http.SendAsync(found, batch, BatchBody.Example(batch, id, time.GetUtcNow()), cancellation).ConfigureAwait(false);
        return (new TestAnswer(result.Taken, result.Status, result.Error, result.Answer, (long)result.Duration.TotalMilliseconds, batch), false);
    }

    public async Task<List<AttemptLine>?> AttemptsAsync(uint account, string id, int limit) =>
        Of(await store.AllAsync().ConfigureAwait(false), account, id) is null ? null : await store.AttemptsAsync(id, limit).ConfigureAwait(false);

    private async Task<WebhookAnswer> AnswerAsync(Subscription subscription, WebhookTable table) =>
        WebhookAnswer.Of(subscription, table, await store.StateAsync(subscription.Id).ConfigureAwait(false), time.GetUtcNow());

    private static Subscription? Of(WebhookTable table, uint account, string id) =>
        table.All.TryGetValue(id, out var found) && found.Account == account ? found : null;

    private static ProblemHttpResult Conflict(string detail, string? webhook) => TypedResults.Problem(
        detail, statusCode: StatusCodes.Status409Conflict, title: "No webhook was made",
        extensions: webhook is null ? null : new Dictionary<string, object?> { ["webhook"] = webhook });
}
