using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Contracts.Suppressions;
using Delivery.Testing;
using Delivery.Tracker.Tests.Opens;
using Delivery.Tracker.Tests.Publishing;

namespace Delivery.Tracker.Tests.Unsubscribes;

public sealed class UnsubscribeTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Looking_changes_nothing(string method)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.SendAsync(new HttpMethod(method), "/u/" + tracker.Unsubscribe());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await tracker.EventsAsync());
        Assert.Null(await SuppressionAsync(tracker));
    }

    [Fact]
    public async Task The_page_has_one_button_no_script_and_nothing_of_the_request()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var token = tracker.Unsubscribe();
        using var answer = await tracker.GetAsync("/u/" + token + "?x=<script>alert(1)</script>&from=%22%3E%3Cimg%20src=x%3E");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("<form method=\"post\">", page, StringComparison.Ordinal);
        Assert.Contains("<button type=\"submit\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("alert", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token, page, StringComparison.Ordinal);
        var policy = OpenTests.Header(answer, "Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", OpenTests.Header(answer, "Cache-Control"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_page_s_style_is_the_one_its_policy_allows()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.GetAsync("/u/" + tracker.Unsubscribe());
        var page = await answer.Content.ReadAsStringAsync();
        var style = page[(page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)];
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"style-src 'sha256-{hash}'", OpenTests.Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("he-IL,he;q=0.9,en-US;q=0.8", "he")]
    [InlineData("iw", "he")]
    [InlineData("en-US,en;q=0.9,he;q=0.8", "en")]
    [InlineData("en;q=0.5,he", "he")]
    [InlineData("he;q=0", "en")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    [InlineData("hello,,;;q=x", "en")]
    public async Task The_page_speaks_the_reader_s_language(string accept, string language)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.SendAsync(HttpMethod.Get, "/u/" + tracker.Unsubscribe(), null, ("Accept-Language", accept));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"<html lang=\"{language}\" dir=\"{(language == "he" ? "rtl" : "ltr")}\">", page, StringComparison.Ordinal);
        Assert.Equal("utf-8", answer.Content.Headers.ContentType!.CharSet);
    }

    public static TheoryData<string, string> Bodies => new()
    {
        { "urlencoded", "one_click" },
        { "multipart", "one_click" },
        { "urlencoded page", "page" },
        { "urlencoded empty", "page" },
        { "multipart broken", "page" },
        { "none", "page" },
        { "text", "page" },
        { "json", "page" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_post_unsubscribes_whatever_its_form(string body, string reason)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(list: 9), Body(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.False(answer.Headers.Contains("Set-Cookie"));

        var e = Assert.Single(await tracker.EventsAsync());
        var value = await SuppressionAsync(tracker);
        Assert.Matches("^unsubscribe\\|[0-9]{13}\\|9$", value!);
        Assert.Equal((byte)EventKind.Unsubscribed, e.Row.Kind);
        Assert.Equal(reason, e.Row.Reason);
        Assert.Equal((TrackerHost.Subject.Account, TrackerHost.Subject.Job, TrackerHost.Subject.Recipient), (e.Row.Account, e.Row.Job, e.Row.Recipient));
        Assert.Equal((byte)ReaderClass.Human, e.Row.Class);
    }

    [Fact]
    public async Task Unsubscribing_again_is_confirmed_again_and_keeps_the_first_suppression()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var path = "/u/" + tracker.Unsubscribe();
        (await tracker.SendAsync(HttpMethod.Post, path, Body("urlencoded"))).Dispose();
        await tracker.SettledAsync();
        var first = await SuppressionAsync(tracker);
        Assert.NotNull(first);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await tracker.SendAsync(HttpMethod.Post, path, Body("none"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(first, await SuppressionAsync(tracker));
        Assert.Equal(1, (long)await tracker.Database.ExecuteAsync("XLEN", [new SuppressionKeys(tracker.Redis).Log]));
        Assert.Equal(4, (await tracker.EventsAsync()).Count);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_and_changes_nothing()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var body = new StringContent(new string('x', 64 * 1024), Encoding.ASCII, "application/x-www-form-urlencoded");
        using var answer = await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(), body);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Null(await SuppressionAsync(tracker));
        Assert.Empty(await tracker.EventsAsync());
    }

    [Fact]
    public async Task Without_redis_an_unsubscribe_is_journaled_and_takes_effect_once_redis_is_back()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        await redis.KillAsync();
        using (var answer = await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(list: 9), Body("urlencoded")))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, await tracker.CountAsync("journaled"));

        await tracker.StopAsync();
        await redis.LaunchAsync();
        await tracker.LaunchAsync();
        var e = Assert.Single(await tracker.EventsAsync());
        Assert.Equal((byte)EventKind.Unsubscribed, e.Row.Kind);
        Assert.Matches("^unsubscribe\\|[0-9]{13}\\|9$", (await SuppressionAsync(tracker))!);
        Assert.Equal(1, await tracker.CountAsync("recovered"));
    }

    [Fact]
    public async Task With_neither_redis_nor_journal_an_unsubscribe_is_not_confirmed_and_works_once_redis_is_back()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(
            redis, "--Tracker:UnsubscribeDeadlineMs=200", "--Tracker:JournalMaxBytes=16384", "--Tracker:JournalSegmentBytes=4096");
        var path = "/u/" + tracker.Unsubscribe();
        await redis.KillAsync();
        await PublishingTests.ClickAllAsync(tracker, 0, 150, concurrency: 1);
        using (var answer = await tracker.SendAsync(HttpMethod.Post, path, Body("urlencoded")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("30", OpenTests.Header(answer, "Retry-After"));
        }

        Assert.Equal(1, await tracker.CountAsync("unsubscribe_failures"));
        await redis.LaunchAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await tracker.SendAsync(HttpMethod.Post, path, Body("urlencoded"));
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "the unsubscribe is taken");
        await tracker.SettledAsync();
        Assert.NotNull(await SuppressionAsync(tracker));
    }

    [Fact]
    public async Task A_suppression_that_redis_lost_with_its_event_is_there_again()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        (await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(), Body("urlencoded"))).Dispose();
        await tracker.SettledAsync();
        Assert.NotNull(await SuppressionAsync(tracker));
        await tracker.Database.ExecuteAsync("FLUSHALL");
        await redis.RestartAsync();
        await Eventually.HoldsAsync(async () => await SuppressionAsync(tracker) is not null, "the suppression is there again");
        Assert.Single(await tracker.EventsAsync());
    }

    private static async Task<string?> SuppressionAsync(TrackerHost tracker) =>
        await tracker.Database.HashGetAsync(new SuppressionKeys(tracker.Redis).Of(TrackerHost.Subject.Account), TrackerHost.Person.ToString());

    private static HttpContent? Body(string kind) => kind switch
    {
        "urlencoded" => new StringContent("List-Unsubscribe=One-Click", Encoding.ASCII, "application/x-www-form-urlencoded"),
        "urlencoded page" => new StringContent("from=page", Encoding.ASCII, "application/x-www-form-urlencoded"),
        "urlencoded empty" => new StringContent("", Encoding.ASCII, "application/x-www-form-urlencoded"),
        "multipart" => new MultipartFormDataContent("---FormBoundary7MA4YWxkTrZu0gW") { { new StringContent("One-Click"), "List-Unsubscribe" } },
        "multipart broken" => Raw("--x\r\nnonsense", "multipart/form-data; boundary=y"),
        "text" => new StringContent("List-Unsubscribe=One-Click", Encoding.ASCII, "text/plain"),
        "json" => new StringContent("{}", Encoding.ASCII, "application/json"),
        _ => null,
    };

    private static ByteArrayContent Raw(string text, string type)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
