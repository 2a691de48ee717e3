using System.Net;
using Delivery.Cli.Bench;
using Delivery.Cli.Bench.Compare;
using Delivery.Cli.Bench.Send;
using Delivery.Cli.Sink;

namespace Delivery.Cli.Tests.Bench;

public sealed class FigureTests
{
    [Theory]
    [InlineData(3d, 5d, 1d, 3d)]
    [InlineData(3d, 3d, 1000d, 1d)]
    public void The_median_does_not_care_for_order_and_one_bad_round(double expected, params double[] rounds) =>
        Assert.Equal(expected, CompareFigure.Of(rounds).Median);

    [Fact]
    public void The_median_of_an_even_number_is_between_the_two_in_the_middle() =>
        Assert.Equal(2.5, CompareFigure.Of([4, 1, 2, 3]).Median);

    [Fact]
    public void Rates_are_taken_between_samples_in_a_straight_line()
    {
        // 100 a second for ten seconds, then 50 a second for ten.
        SendSample[] samples = [new(0, 0, 1), new(5, 500, 1), new(10, 1_000, 1), new(15, 1_250, 1), new(20, 1_500, 1)];
        Assert.Equal(100, SendRates.Over(samples, 0, 150));
        Assert.Equal(50, SendRates.Over(samples, 1_350, 1_500));
        Assert.Equal(75, SendRates.Over(samples, 0, 1_500));
        Assert.Null(SendRates.Over(samples, 0, 2_000));
        Assert.Null(SendRates.Over([], 0, 1));
    }

    [Fact]
    public void Thinning_keeps_the_end()
    {
        var samples = Enumerable.Range(0, 1_001).Select(i => new SendSample(i, i, i)).ToList();
        var thin = SendRates.Thin(samples);
        Assert.InRange(thin.Count, 100, 250);
        Assert.Equal(samples[^1], thin[^1]);
    }

    [Fact]
    public void A_process_that_works_uses_cpu_and_one_that_is_not_there_tells_nothing()
    {
        var before = ProcessUsage.Own();
        var hash = new byte[32];
        for (var i = 0; ProcessUsage.Own().CpuSeconds - before.CpuSeconds < 0.05; i++)
            hash = System.Security.Cryptography.SHA256.HashData(hash);
        var after = ProcessUsage.Own();
        Assert.InRange(after.RssBytes, 1 << 20, after.PeakRssBytes);
        Assert.Null(ProcessUsage.TryRead(int.MaxValue));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 100)]
    [InlineData(8, 3)]
    public async Task The_bare_loop_sends_each_message_once_and_as_long_as_asked(int connections, int messages)
    {
        await using var sink = new SmtpSink(new SinkOptions(), TimeProvider.System);
        var seconds = await WireSender.RunAsync(new IPEndPoint(IPAddress.Loopback, sink.Port), connections, messages, 2_000, TimeProvider.System, CancellationToken.None);
        Assert.True(seconds > 0);
        Assert.Equal(messages, sink.Messages);
        Assert.InRange(sink.Bytes / messages, 1_990, 2_010);
    }
}
