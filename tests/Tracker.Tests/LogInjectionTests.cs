using System.Net.Sockets;
using System.Text;
using Delivery.Tracker.Tests.Journaling;

namespace Delivery.Tracker.Tests;

/// <summary>Nothing that a reader sends makes a line of the log, or a colour on the operator's screen.</summary>
public sealed class LogInjectionTests
{
    private const string Forged = "crit: Delivery[0] everything was deleted";

    [Fact]
    public async Task What_a_request_holds_never_gets_into_the_log()
    {
        await using var all = await TrackerInstallation.StartAsync();
        string[] requests =
        [
            $"GET /c/%0d%0a{Uri.EscapeDataString(Forged)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            $"GET /o/{all.Token(all.NextOrdinal())}?%0a{Uri.EscapeDataString(Forged)} HTTP/1.1\r\nHost: x\r\nUser-Agent: \u001b[31m{Forged}\u001b[0m\r\nConnection: close\r\n\r\n",
            $"GET /c/x HTTP/1.1\r\nHost: x\r\nUser-Agent: a\n{Forged}\r\nX-Forwarded-For: \u001b[2J\r\nReferer: {Forged}\r\nConnection: close\r\n\r\n",
            $"GET /u/%1b%5b2J{Uri.EscapeDataString(Forged)} HTTP/1.1\r\nHost: {Forged}\r\nConnection: close\r\n\r\n",
            $"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: abc\n{Forged}\r\n\r\n",
        ];
        foreach (var request in requests)
            await SayAsync(all.Tracker.Url, request);
        await all.Redis.KillAsync();
        foreach (var request in requests)
            await SayAsync(all.Tracker.Url, request);
        Assert.DoesNotContain(all.Tracker.Output, line => line.Contains("everything was deleted", StringComparison.Ordinal) || line.Contains("[2J", StringComparison.Ordinal));
    }

    private static async Task SayAsync(Uri address, string request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, deadline.Token);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        var buffer = new byte[4096];
        try
        {
            while (await client.GetStream().ReadAsync(buffer, deadline.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // It may reset what it refused to read.
        }
    }
}
