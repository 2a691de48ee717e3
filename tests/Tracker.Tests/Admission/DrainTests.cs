using System.Net.Sockets;
using System.Text;
using Delivery.Testing;
using Delivery.Tracker.Tests.Journaling;

namespace Delivery.Tracker.Tests.Admission;

/// <summary>SIGTERM under load.</summary>
public sealed class DrainTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private const int Clients = 24;

    [Fact]
    public async Task Of_the_requests_that_a_stopping_tracker_was_sent_none_stays_unanswered_and_none_is_lost()
    {
        await using var all = await TrackerInstallation.StartAsync(("DrainMs", "20000"));
        var asked = new int[Clients];
        var clients = Enumerable.Range(0, Clients).Select(i => Task.Run(() => AskUntilSentAwayAsync(all, i, asked))).ToArray();
        await Eventually.HoldsAsync(() => asked.Min() > 20, "every client has asked");

        var stopped = all.Tracker.StopAsync();
        Assert.All(await Task.WhenAll(clients), fault => Assert.Null(fault));
        Assert.Equal(0, await stopped);
        await all.Tracker.LaunchAsync();
        await all.CheckAsync();
        Assert.Equal(asked.Sum(), all.Answered.Count);
    }

    [Fact]
    public async Task Readyz_says_503_while_readers_are_still_answered()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, "--Tracker:DrainMs=20000");
        using var held = await ConnectAsync(tracker.Address);
        Assert.Contains("200 OK", await SayAsync(held, "/o/" + tracker.Open()), StringComparison.Ordinal);
        var stopping = tracker.StopAsync();
        using (var fresh = new HttpClient { BaseAddress = tracker.Address })
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var ready = await fresh.GetAsync("/readyz");
                    Assert.True(ready.Headers.ConnectionClose);
                    return (int)ready.StatusCode == 503;
                },
                "readyz says 503");
            using var click = await fresh.GetAsync("/o/" + tracker.Open());
            Assert.Equal(200, (int)click.StatusCode);
        }

        Assert.False(stopping.IsCompleted);
        var last = await SayAsync(held, "/o/" + tracker.Open());
        Assert.Contains("200 OK", last, StringComparison.Ordinal);
        Assert.Contains("Connection: close", last, StringComparison.Ordinal);
        await stopping.WaitAsync(TimeSpan.FromSeconds(15));
    }

    /// <summary>Null once an answer said <c>Connection: close</c>; else what went wrong.</summary>
    private static async Task<string?> AskUntilSentAwayAsync(TrackerInstallation all, int client, int[] asked)
    {
        using var socket = await ConnectAsync(all.Tracker.Url);
        try
        {
            while (true)
            {
                var ordinal = all.NextOrdinal();
                var answer = await SayAsync(socket, "/c/" + all.Token(ordinal));
                if (!answer.StartsWith("HTTP/1.1 302", StringComparison.Ordinal))
                    return answer;
                all.Answered.Add(ordinal);
                asked[client]++;
                if (answer.Contains("Connection: close", StringComparison.Ordinal))
                    return null;
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return e.Message;
        }
    }

    private static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return socket;
    }

    /// <summary>The answer, which says its length.</summary>
    private static async Task<string> SayAsync(Socket socket, string path)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: t.example\r\nUser-Agent: {TrackerHost.Browser}\r\n\r\n"), deadline.Token);
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), deadline.Token);
            if (read == 0)
                throw new IOException("closed without an answer");
            length += read;
            var text = Encoding.ASCII.GetString(buffer, 0, length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            var field = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
            if (field < 0 || length >= end + 4 + int.Parse(text[(field + 16)..].Split('\r')[0]))
                return text;
        }
    }
}
