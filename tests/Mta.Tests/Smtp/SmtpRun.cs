using System.Threading.Channels;
using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>Sends messages over one connection to a scripted peer, as they would come from a full channel.</summary>
internal static class SmtpRun
{
    public static SmtpOptions Options(int port) => new()
    {
        RelayHost = "127.0.0.1",
        RelayPort = port,
        EhloName = "client.test",
        GreetingTimeout = TimeSpan.FromSeconds(10),
        MailTimeout = TimeSpan.FromSeconds(10),
        RcptTimeout = TimeSpan.FromSeconds(10),
        DataTimeout = TimeSpan.FromSeconds(10),
        BodyTimeout = TimeSpan.FromSeconds(10),
        FinalReplyTimeout = TimeSpan.FromSeconds(10),
        IdleTimeout = TimeSpan.FromSeconds(10),
        StopTimeout = TimeSpan.FromSeconds(5),
        ReconnectDelay = TimeSpan.FromMilliseconds(20),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>With CHUNKING wherever it is offered, however short the round trip.</summary>
    public static SmtpOptions Chunked(int port)
    {
        var options = Options(port);
        options.ChunkingMinRoundTrip = TimeSpan.Zero;
        return options;
    }

    public static ScriptedSmtpServer ChunkingServer() => new()
    {
        Extensions = ["PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "CHUNKING"],
    };

    public static Channel<OutgoingMessage> Filled(params IEnumerable<OutgoingMessage> messages)
    {
        var list = messages.ToList();
        var channel = Channel.CreateBounded<OutgoingMessage>(Math.Max(1, list.Count));
        foreach (var message in list) Assert.True(channel.Writer.TryWrite(message));
        channel.Writer.Complete();
        return channel;
    }

    /// <summary>Runs one connection until the messages are gone or it died; returns how it died.</summary>
    public static async Task<SmtpConnectionException?> SendAsync(SmtpOptions options, params OutgoingMessage[] messages)
    {
        using var connection = new SmtpConnection(options, TimeProvider.System);
        try
        {
            await connection.OpenAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
            await connection.RunAsync(Filled(messages)).WaitAsync(TimeSpan.FromSeconds(60));
            return null;
        }
        catch (SmtpConnectionException e)
        {
            return e;
        }
    }

    public static Task<SmtpConnectionException?> SendAsync(ScriptedSmtpServer server, params OutgoingMessage[] messages) =>
        SendAsync(Options(server.Port), messages);

    public static async Task<DeliveryAttempt[]> OutcomesAsync(params TestMessage[] messages)
    {
        var attempts = await Task.WhenAll(messages.Select(m => m.Done));
        Assert.All(messages, m => Assert.Equal(1, m.Completions));
        return attempts;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition()) await Task.Delay(5, deadline.Token);
    }
}
