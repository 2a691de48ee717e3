using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Delivery.Cli.Sink;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Bench;

[Collection(BenchRun.Collection)]
public sealed class SendTests : IDisposable
{
    private readonly BenchRun _bench = new();
    private readonly ConcurrentBag<CapturedMessage> _mail = [];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task All_recipients_get_a_message_of_the_asked_size_and_the_figures_say_so()
    {
        await using var sink = Sink();

        var result = await _bench.RunAsync(ExitCodes.Success, "send", "--smtp", $"127.0.0.1:{sink.Port}", "--messages", "200", "--warm-up", "50", "--size", "6000", "--connections", "3");

        Assert.Equal(250, sink.Messages);
        Assert.Equal(200, _mail.Select(message => message.To).Distinct().Count());
        Assert.Equal(200, Number(result, "messages"));
        Assert.Equal((200, 0), (Number(result, "delivered"), Number(result, "other_outcomes")));
        Assert.Equal((6_000, 3, 50), (Number(result, "asked_size_bytes"), Number(result, "connections"), Number(result, "warm_up_messages")));
        Assert.InRange(Number(result, "size_bytes"), 5_900, 6_100);
        Assert.InRange(sink.Bytes / sink.Messages, Number(result, "size_bytes") - 100, Number(result, "size_bytes") + 100);
        Assert.InRange(Number(result, "accept_seconds"), 0.001, Number(result, "seconds"));
        Assert.InRange(Number(result, "first_message_seconds"), 0.001, Number(result, "sent_seconds"));
        Assert.InRange(Number(result, "sent_seconds"), 0.001, Number(result, "published_seconds"));
        Assert.Equal(200 / Number(result, "seconds"), Number(result, "messages_per_second"), 200 / Number(result, "seconds") * 0.01);
        Assert.True(Number(result, "mta_peak_rss_bytes") > 10 << 20);
        foreach (var program in (string[])["mta", "redis", "bench"])
            Assert.True(result.GetProperty("cpu_seconds").GetProperty(program).GetDouble() >= 0);
        Assert.Equal(Environment.ProcessorCount, result.GetProperty("machine").GetProperty("cores").GetInt32());
        foreach (var part in (string[])["accept", "claim", "compose", "spool", "publish"])
            Assert.Equal(JsonValueKind.Number, result.GetProperty("parts").GetProperty(part).ValueKind);

        var text = Encoding.UTF8.GetString(_mail.First(message => message.To == "reader.0@inbox0.example").Raw);
        Assert.Contains("Subject: Hello Noa", text, StringComparison.Ordinal);
        Assert.Contains("You have 500 points", text, StringComparison.Ordinal);
        Assert.Contains("/c/", text, StringComparison.Ordinal);
        Assert.Contains("/o/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_bench.Data, "run", "spool")));
    }

    [Fact]
    public async Task A_streamed_job_is_sent_whole_and_its_memory_told()
    {
        await using var sink = Sink();

        var result = await _bench.RunAsync(ExitCodes.Success, "send", "--smtp", $"127.0.0.1:{sink.Port}", "--messages", "1500", "--warm-up", "0", "--size", "1000", "--streamed");

        Assert.Equal(1_500, _mail.Select(message => message.To).Distinct().Count());
        Assert.Equal(1_500, Number(result, "delivered"));
        Assert.True(result.GetProperty("streamed").GetBoolean());
        Assert.True(Number(result, "first_tenth_per_second") > 0);
        Assert.True(Number(result, "last_tenth_per_second") > 0);
        Assert.Equal(1_500, result.GetProperty("samples").EnumerateArray().Last().GetProperty("delivered").GetInt32());
        Assert.All(result.GetProperty("samples").EnumerateArray(), sample => Assert.True(sample.GetProperty("mta_rss_bytes").GetInt64() > 10 << 20));
    }

    [Fact]
    public async Task With_DKIM_every_message_is_signed_and_the_rate_held_against_what_signing_leaves()
    {
        await using var sink = Sink();

        var result = await _bench.RunAsync(ExitCodes.Success, "send", "--smtp", $"127.0.0.1:{sink.Port}", "--messages", "100", "--warm-up", "20", "--dkim");

        Assert.Equal(240, sink.Messages);
        Assert.Equal(120, _mail.Count(message => message.Raw.AsSpan().StartsWith("DKIM-Signature: v=1; a=rsa-sha256;"u8)));
        Assert.Equal(100, Number(result, "delivered"));
        var dkim = result.GetProperty("dkim");
        var (plain, signatures) = (Number(dkim, "plain_per_second"), Number(dkim, "signatures_per_second"));
        Assert.True(plain > 0 && signatures > 0);
        Assert.Equal(1 / (1 / plain + 1 / signatures), Number(dkim, "expected_per_second"), 0.2);
        Assert.Equal(Number(result, "messages_per_second") / Number(dkim, "expected_per_second"), Number(dkim, "of_expected"), 0.001);
    }

    [Fact]
    public async Task Acceptance_alone_sends_nothing()
    {
        var result = await _bench.RunAsync(ExitCodes.Success, "send", "--accept-only", "--messages", "300", "--warm-up", "0");

        Assert.Equal(300, Number(result, "messages"));
        Assert.True(Number(result, "accept_per_second") > 0);
        Assert.Equal(0, Number(result, "delivered"));
        Assert.False(result.TryGetProperty("first_message_seconds", out _));
    }

    [Fact]
    public async Task A_recipient_that_is_refused_is_told_and_the_measurement_fails()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == SmtpStep.Rcpt && at.Line.Contains("reader.7@", StringComparison.Ordinal) ? SmtpAnswer.Raw("550 5.1.1 No such user\r\n") : null;

        var result = await _bench.RunAsync(ExitCodes.Failure, "send", "--smtp", $"127.0.0.1:{server.Port}", "--messages", "20", "--warm-up", "0");

        Assert.Equal((19, 1), (Number(result, "delivered"), Number(result, "other_outcomes")));
    }

    private SmtpSink Sink() => new(new SinkOptions(), TimeProvider.System, message =>
    {
        _mail.Add(message);
        return ValueTask.CompletedTask;
    });

    private static double Number(JsonElement result, string name) => result.GetProperty(name).GetDouble();
}
