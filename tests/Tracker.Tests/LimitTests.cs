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
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), deadline.Token);
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException)
        {
            // The tracker may reset what it refused to read.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }
}
