using System.Net;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Tracker.Tests.Opens;

namespace Delivery.Tracker.Tests.Clicks;

public sealed class ClickTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task A_click_leads_to_the_destination_and_is_one_event_with_link_and_position()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.GetAsync("/c/" + tracker.Click());
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("https://example.com/a?b=c#d", OpenTests.Header(answer, "Location"));
        Assert.Equal("no-store", OpenTests.Header(answer, "Cache-Control"));
        Assert.Equal("no-referrer", OpenTests.Header(answer, "Referrer-Policy"));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());

        var e = Assert.Single(await tracker.EventsAsync());
        Assert.Equal((byte)EventKind.Clicked, e.Row.Kind);
        Assert.Equal((2, 3, 1), (e.Row.Link, e.Row.Position, e.Row.LoopIndex));
        Assert.Equal("https://example.com/a?b=c#d", e.Row.Url);
        Assert.Equal(TrackerHost.Subject.Job, e.Row.Job);
        Assert.Equal((byte)ReaderClass.Human, e.Row.Class);
    }

    [Fact]
    public async Task A_head_request_is_redirected_and_recorded_as_a_scanner()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.SendAsync(HttpMethod.Head, "/c/" + tracker.Click());
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("https://example.com/a?b=c#d", OpenTests.Header(answer, "Location"));
        var e = Assert.Single(await tracker.EventsAsync());
        Assert.Equal(((byte)ReaderClass.Scanner, "head_request"), (e.Row.Class, e.Row.ClassReason));
    }

    [Fact]
    public async Task The_longest_destination_still_fits_a_request_line()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var url = "https://example.com/" + new string('x', 1980);
        using var answer = await tracker.GetAsync("/c/" + tracker.Click(url));
        Assert.Equal(url, OpenTests.Header(answer, "Location"));
        Assert.Equal(url, Assert.Single(await tracker.EventsAsync()).Row.Url);
    }

    [Theory]
    [InlineData("?url=https://evil.example/")]
    [InlineData("?u=//evil.example&redirect=javascript:alert(1)")]
    [InlineData("?next=/%5Cevil.example")]
    [InlineData("?https://evil.example/")]
    [InlineData("?%0d%0aLocation:%20https://evil.example")]
    public async Task A_query_string_never_changes_where_a_click_leads(string query)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.GetAsync("/c/" + tracker.Click() + query);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("https://example.com/a?b=c#d", OpenTests.Header(answer, "Location"));
        Assert.DoesNotContain(answer.Headers, h => h.Value.Any(v => v.Contains("evil", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("/c/https://evil.example/")]
    [InlineData("/c//evil.example")]
    [InlineData("/c/%2F%2Fevil.example")]
    [InlineData("/c/%0d%0aLocation:%20https:%2F%2Fevil.example")]
    [InlineData("/c/<script>alert(1)</script>")]
    [InlineData("/c/")]
    [InlineData("/c")]
    public async Task A_path_without_a_genuine_token_gets_404_and_echoes_nothing(string path)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("evil", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<", text, StringComparison.Ordinal);
        Assert.Empty(await tracker.EventsAsync());
    }

    [Fact]
    public async Task Hostile_bytes_in_a_destination_cannot_be_signed_at_all()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        foreach (var url in new[] { "https://e.com/\r\nX: y", "https://e.com/\0", "https://e.com/a b", "javascript:alert(1)", "//e.com", "https:/\\e.com", "data:,x" })
            Assert.Throws<ArgumentException>(() => tracker.Click(url));
    }

    [Fact]
    public async Task Every_destination_that_can_be_signed_gives_one_clean_header_line_with_the_same_host()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var random = new Random(20261122);
        for (var i = 0; i < 200; i++)
        {
            var url = "https://example.com/" + RandomText(random, random.Next(1, 120));
            var bytes = Encoding.UTF8.GetBytes(url);
            if (!Contracts.Tokens.TrackingTokens.IsTrackable(bytes))
                continue;
            using var answer = await tracker.GetAsync("/c/" + tracker.Click(url));
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            var location = OpenTests.Header(answer, "Location");
            Assert.DoesNotContain(location, c => c is <= ' ' or >= '\x7F');
            var read = new Uri(location);
            Assert.Equal(("https", "example.com", 443), (read.Scheme, read.Host, read.Port));
        }
    }

    private static string RandomText(Random random, int length)
    {
        var builder = new StringBuilder();
        for (var i = 0; i < length; i++)
        {
            builder.Append(random.Next(4) switch
            {
                0 => $"{(char)random.Next(0x21, 0x7F)}",
                1 => $"{(char)random.Next(0x80, 0x250)}",
                2 => $"{(char)random.Next(0x5D0, 0x5EB)}",
                _ => char.ConvertFromUtf32(random.Next(0x1F300, 0x1F600)),
            });
        }

        return builder.ToString();
    }
}
