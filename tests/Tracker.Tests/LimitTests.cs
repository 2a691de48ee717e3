using System.Net.Sockets;
using System.Text;

namespace Delivery.Tracker.Tests;

public sealed class LimitTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task A_request_line_over_eight_kilobytes_is_refused() =>
        Assert.StartsWith("HTTP/1.1 414 ", await SayAsync($"GET /c/{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Headers_over_sixteen_kilobytes_are_refused() =>
        Assert.StartsWith("HTTP/1.1 431 ", await SayAsync($"GET /o/x HTTP/1.1\r\nHost: x\r\nX: {new string('a', 20_000)}\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET /c/x\r\nLocation: https://evil.example HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /c/x\nSet-Cookie: a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET https://evil.example/c/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("GET //evil.example HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task A_bent_request_gets_an_error_and_nothing_of_it_back(string request)
    {
        var answer = await SayAsync(request);
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("evil", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Set-Cookie", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_cut_and_changes_nothing()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var request = $"POST /u/{tracker.Unsubscribe()} HTTP/1.1\r\nHost: x\r\nContent-Length: 26\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nList-";
        var answer = await SayAsync(tracker, request);
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Empty(await tracker.EventsAsync());
    }

    [Fact]
    public async Task Headers_that_never_end_are_cut()
    {
        var answer = await SayAsync("GET /o/x HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_sixteen_kilobytes_is_refused_and_changes_nothing()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var answer = await SayAsync(
            tracker,
            $"POST /u/{tracker.Unsubscribe()} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nList-Unsubscribe=One-Click");
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Empty(await tracker.EventsAsync());
    }

    [Fact]
    public async Task A_head_request_for_the_longest_link_is_redirected_without_a_body()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var url = "https://example.com/" + new string('x', 1980);
        var answer = await SayAsync(tracker, $"HEAD /c/{tracker.Click(url)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 302 ", answer, StringComparison.Ordinal);
        Assert.Contains("Location: " + url + "\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Single(await tracker.EventsAsync());
    }

    [Fact]
    public async Task Of_connections_more_than_set_the_last_are_closed_and_the_others_answered()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, "--Tracker:MaxConnections=2");
        using var first = new TcpClient();
        using var second = new TcpClient();
        await first.ConnectAsync(tracker.Address.Host, tracker.Address.Port);
        await second.ConnectAsync(tracker.Address.Host, tracker.Address.Port);
        foreach (var held in new[] { first, second })
        {
            await held.GetStream().WriteAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            Assert.True(await held.GetStream().ReadAsync(new byte[100]) > 0);
        }

        Assert.Equal("", await SayAsync(tracker, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
        await first.GetStream().WriteAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.True(await first.GetStream().ReadAsync(new byte[100]) > 0);
    }

    private async Task<string> SayAsync(string request)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var answer = await SayAsync(tracker, request);
        Assert.Empty(await tracker.EventsAsync());
        return answer;
    }

    /// <summary>Everything the tracker answers until it closes the connection.</summary>
    private static async Task<string> SayAsync(TrackerHost tracker, string request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(tracker.Address.Host, tracker.Address.Port, deadline.Token);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), deadline.Token);
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException)
        {
            // The tracker may reset what it refused to read.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }
}
