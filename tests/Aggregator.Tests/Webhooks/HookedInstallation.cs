using System.Net;
using System.Text;
using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Webhooks;

/// <summary>Calls of the API of webhooks, and the settings under which receivers of a test can be reached.</summary>
internal static class HookedInstallation
{
    public static string[] Settings(params string[] more) =>
    [
        "--Aggregator:Webhooks:AllowedNetworks:0=127.0.0.1/32",
        "--Aggregator:Webhooks:PlainHttpHosts:0=127.0.0.1",
        "--Aggregator:Webhooks:Poll=00:00:00.050",
        "--Aggregator:Webhooks:FirstRetry=00:00:00.050",
        "--Aggregator:Webhooks:LongestRetry=00:00:00.400",
        "--Aggregator:Webhooks:Timeout=00:00:20",
        .. more,
    ];

    public static Task<TestAggregator> StartHookedAsync(this Installation installation, params string[] more) =>
        installation.StartAggregatorAsync(settings: Settings(more));

    public static async Task<(HttpStatusCode Status, JsonElement Json)> CallAsync(
        this TestAggregator aggregator, HttpMethod method, string path, string? body = null, string key = Installation.Key)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Authorization", "Bearer " + key } } };
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await aggregator.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Makes a webhook; gives its id and secret.</summary>
    public static async Task<(string Id, string Secret)> HookAsync(this TestAggregator aggregator, string url, string more = "")
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                using var ready = await aggregator.GetAsync("/readyz", key: null);
                return ready.IsSuccessStatusCode;
            },
            "it is ready");
        var (status, json) = await aggregator.CallAsync(HttpMethod.Post, "/v1/webhooks", $$"""{"url":"{{url}}"{{more}}}""");
        Assert.True(status == HttpStatusCode.Created, json.ToString());
        return (json.GetProperty("id").GetString()!, json.GetProperty("secret").GetString()!);
    }

    public static async Task<JsonElement> LookAsync(this TestAggregator aggregator, string id) =>
        (await aggregator.CallAsync(HttpMethod.Get, $"/v1/webhooks/{id}")).Json;
}
