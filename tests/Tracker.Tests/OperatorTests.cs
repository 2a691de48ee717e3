using System.Net;
using Delivery.Testing;

namespace Delivery.Tracker.Tests;

/// <summary>The tracker's port is public: readers behind a proxy see nothing of how it runs.</summary>
public sealed class OperatorTests
{
    [Fact]
    public async Task Figures_are_for_operators_and_links_for_everybody()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis, "--Tracker:TrustedProxies:0=127.0.0.1");
        (await tracker.GetAsync("/c/" + tracker.Click())).Dispose();
        (await tracker.GetAsync("/c/forged")).Dispose();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text");
        using var answer = await tracker.Client.SendAsync(request);
        var page = OpenMetricsText.Read(await answer.Content.ReadAsStringAsync(), open: true);
        Assert.Equal(1, page["delivery_tracker_clicked_total"]);
        Assert.Equal(0, page["delivery_tracker_journal_refuses"]);
        Assert.True(page["delivery_tracker_journal_limit_bytes"] > 0);
        foreach (var path in (string[])["/metrics", "/status"])
        {
            // Through a proxy, also where the reader says that it is this machine.
            using var hidden = await tracker.SendAsync(HttpMethod.Get, path, null, ("X-Forwarded-For", "127.0.0.1"));
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        using var ready = await tracker.SendAsync(HttpMethod.Get, "/readyz", null, ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal("ready\n", await ready.Content.ReadAsStringAsync());
        using var link = await tracker.SendAsync(HttpMethod.Get, "/c/" + tracker.Click(), null, ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal(HttpStatusCode.Redirect, link.StatusCode);
    }
}
