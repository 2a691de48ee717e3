using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Dashboard;

/// <summary>The page as its users have it: in a browser, with the mouse or without, in both languages, and with mail that means harm.</summary>
public sealed class PageTests(PageInstallation installation) : IClassFixture<PageInstallation>
{
    private const string Screenshots = "DELIVERY_PAGE_SCREENSHOTS";

    [PageFact]
    public async Task Every_figure_on_the_page_is_the_reports()
    {
        await installation.ReadyAsync();
        foreach (var job in new[] { installation.Tables, installation.Plain, installation.Hebrew })
        {
            var report = await installation.GetAsync($"/v1/jobs/{job.Id}/report");
            var links = report.GetProperty("links").EnumerateArray().ToDictionary(link => link.GetProperty("position").GetInt32());
            foreach (var (position, people) in job.Clickers)
                Assert.Equal(people, links[position].GetProperty("unique_clicks").GetInt32());
        }

        var result = await RunAsync("figures.mjs");
        Assert.True(result.GetProperty("compared").GetInt32() > 150, result.ToString());
    }

    [PageFact]
    public async Task The_click_map_lies_on_the_links_of_the_mail()
    {
        await installation.ReadyAsync();
        var result = await RunAsync("click-map.mjs");
        Assert.Equal(3 * 2, result.GetProperty("maps").GetInt32());
    }

    [PageFact]
    public async Task Looking_at_a_mail_loads_nothing_and_is_not_counted()
    {
        await installation.ReadyAsync();
        await installation.OpenOnceMoreAsync();
        await RunAsync("click-map.mjs");
        await installation.OpenOnceMoreAsync();
        var before = (await installation.GetAsync($"/v1/jobs/{installation.Plain.Id}/report")).GetProperty("opens").GetProperty("total").GetInt32();
        Assert.True(before > 0);
        await Eventually.HoldsAsync(async () => await OpensAsync() == installation.Plain.Recipients / 2 + 2, "both openings are counted, and no other");
        var events = await installation.EventsAsync();
        await RunAsync("figures.mjs");
        await installation.OpenOnceMoreAsync();
        await Eventually.HoldsAsync(async () => await OpensAsync() == installation.Plain.Recipients / 2 + 3, "the opening after looking is counted");
        Assert.Equal(events + 1, await installation.EventsAsync());

        async Task<int> OpensAsync() => (await installation.GetAsync($"/v1/jobs/{installation.Plain.Id}/report")).GetProperty("opens").GetProperty("total").GetInt32();
    }

    [PageFact]
    public async Task Everything_is_done_with_the_keyboard_alone()
    {
        await installation.ReadyAsync();
        await RunAsync("keyboard.mjs");
    }

    [PageFact]
    public async Task Nobody_is_shut_out_in_either_language_and_theme()
    {
        await installation.ReadyAsync();
        var result = await RunAsync("access.mjs");
        Assert.Equal(5 * 2 * 2, result.GetProperty("views").GetInt32());
    }

    [PageFact]
    public async Task What_others_wrote_is_shown_as_text_and_runs_nothing()
    {
        await installation.ReadyAsync();
        await RunAsync("harm.mjs");
    }

    [PageFact]
    public async Task The_page_is_served_without_a_key_and_says_what_a_browser_may_do()
    {
        await installation.ReadyAsync();
        using var client = new HttpClient { BaseAddress = new Uri(installation.Up.Reports) };
        using var page = await client.GetAsync(new Uri("/", UriKind.Relative));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var part in new[] { "default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'" })
            Assert.Contains(part, policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);

        using var frame = await client.GetAsync(new Uri("/assets/mail-frame.html", UriKind.Relative));
        var framed = frame.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("sandbox allow-same-origin", framed, StringComparison.Ordinal);
        Assert.DoesNotContain("script", framed, StringComparison.Ordinal);

        using var script = await client.GetAsync(new Uri("/assets/app.js", UriKind.Relative));
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/assets/app.js");
        again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"another\""));
        again.Headers.IfNoneMatch.Add(script.Headers.ETag!);
        using var known = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var none = await client.GetAsync(new Uri("/assets/nothing.js", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    /// <summary>No view is wider than its screen. Where the variable names a folder, it gets the pictures of docs/dashboard.md.</summary>
    [PageFact]
    public async Task Every_view_can_be_pictured()
    {
        await installation.ReadyAsync();
        var folder = Environment.GetEnvironmentVariable(Screenshots);
        if (folder is not null)
            await installation.ReadOnAsync();
        var result = await RunAsync("pictures.mjs", folder);
        Assert.Equal(0, result.GetProperty("overflowing").GetArrayLength());
    }

    private Task<JsonElement> RunAsync(string script, string? folder = null) =>
        PageScript.RunAsync(script, new
        {
            url = installation.Up.Reports,
            tracker = installation.Up.Tracker,
            key = installation.Up.Key,
            hostile = PageMails.Hostile,
            folder,
            jobs = new[] { installation.Tables, installation.Plain, installation.Hebrew, installation.Hostile }
                .Select(job => new { name = job.Name, id = job.Id, positions = job.Positions, clickers = job.Clickers.ToDictionary(one => $"{one.Key}", one => one.Value) }),
        });
}
