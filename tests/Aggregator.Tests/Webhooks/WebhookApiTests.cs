using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Webhooks;

[Collection(SharedStoresCollection.Name)]
public class WebhookApiTests(SharedStores stores)
{
    [Fact]
    public async Task What_does_not_fit_is_refused_by_name()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartHookedAsync();
        (string Body, string Says)[] cases =
        [
            ("{}", "url"),
            ("[]", "JSON object"),
            ("{\"url\":1}", "url"),
            ("{\"url\":\"http://example.com/\"}", "https"),
            ("{\"url\":\"https://u:p@example.com/\"}", "user name"),
            ("{\"url\":\"https://@example.com/\"}", "user name"),
            ("{\"url\":\"https://example.com/#x\"}", "fragment"),
            ("{\"url\":\"ftp://example.com/\"}", "no URL"),
            ("{\"url\":\"https://10.0.0.1/\"}", "not public"),
            ("{\"url\":\"https://0x7f.2/\"}", "not public"),
            ("{\"url\":\"https://[::ffff:169.254.169.254]/\"}", "not public"),
            ("{\"url\":\"https://example.com/\",\"event\":[]}", "'event' is not known"),
            ("{\"url\":\"https://example.com/\",\"events\":[\"open\"]}", "'open' is no event"),
            ("{\"url\":\"https://example.com/\",\"events\":[]}", "events"),
            ("{\"url\":\"https://example.com/\",\"enabled\":\"yes\"}", "enabled"),
            ("{\"url\":\"https://example.com/\",\"from\":\"yesterday\"}", "from"),
            ("{\"url\":\"https://example.com/\",\"campaign_id\":\"\"}", "campaign_id"),
            ("{\"url\":\"https://example.com/\"", "JSON"),
        ];
        foreach (var (body, says) in cases)
        {
            var (status, json) = await aggregator.CallAsync(HttpMethod.Post, "/v1/webhooks", body);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(says, json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_webhook_lives_through_its_calls_and_shows_its_secret_only_when_it_is_made()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var aggregator = await installation.StartHookedAsync("--Aggregator:Webhooks:MaxPerAccount=2");
        Assert.Equal(HttpStatusCode.Unauthorized, (await aggregator.CallAsync(HttpMethod.Get, "/v1/webhooks", key: "nobody")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await aggregator.CallAsync(HttpMethod.Get, "/v1/webhooks", key: Installation.SubmitKey)).Status);
        var (id, secret) = await aggregator.HookAsync(receiver.Url + "/a", ",\"events\":[\"opened\",\"delivered\"]");
        var (again, same) = await aggregator.CallAsync(HttpMethod.Post, "/v1/webhooks", $$"""{"url":"{{receiver.Url}}/a","events":["delivered","opened"]}""");
        Assert.Equal((HttpStatusCode.Conflict, id), (again, same.GetProperty("webhook").GetString()));
        await aggregator.HookAsync(receiver.Url + "/b");
        Assert.Equal(HttpStatusCode.Conflict, (await aggregator.CallAsync(HttpMethod.Post, "/v1/webhooks", $$"""{"url":"{{receiver.Url}}/c"}""")).Status);
        var list = (await aggregator.CallAsync(HttpMethod.Get, "/v1/webhooks")).Json;
        Assert.Equal(2, list.GetProperty("webhooks").GetArrayLength());
        Assert.DoesNotContain("whsec_", list.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await aggregator.CallAsync(HttpMethod.Get, "/v1/webhooks?page=2")).Status);
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
            Assert.Equal(HttpStatusCode.NotFound, (await aggregator.CallAsync(method, $"/v1/webhooks/{id}", key: Installation.OtherKey)).Status);

        var changed = (await aggregator.CallAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", "{\"events\":[\"clicked\"],\"enabled\":false}")).Json;
        Assert.Equal(("disabled", "clicked"), (changed.GetProperty("state").GetString(), Assert.Single(changed.GetProperty("events").EnumerateArray()).GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await aggregator.CallAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", "{\"from\":\"now\"}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await aggregator.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await aggregator.CallAsync(HttpMethod.Get, $"/v1/webhooks/{id}")).Status);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_for_a_while_and_then_the_new_one_alone()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var aggregator = await installation.StartHookedAsync("--Aggregator:Webhooks:OldSecretKept=00:00:01");
        var (id, old) = await aggregator.HookAsync(receiver.Url);
        var rotated = (await aggregator.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/rotate-secret")).Json.GetProperty("secret").GetString()!;
        Assert.NotEqual(old, rotated);
        await aggregator.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test");
        Assert.Equal(Signed(receiver.All.Last(), rotated, old), receiver.All.Last().Headers["webhook-signature"]);
        await Eventually.HoldsAsync(
            async () =>
            {
                await aggregator.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test");
                return receiver.All.Last().Headers["webhook-signature"] == Signed(receiver.All.Last(), rotated);
            },
            "the new secret signs alone");
        Assert.DoesNotContain(old, (await aggregator.LookAsync(id)).ToString(), StringComparison.Ordinal);
    }

    private static string Signed(ReceivedBatch batch, params string[] secrets) => Delivery.Aggregator.Webhooks.WebhookSecret.Sign(
        secrets, batch.Headers["webhook-id"], long.Parse(batch.Headers["webhook-timestamp"]), batch.Body);
}
