using System.Diagnostics;
using System.Globalization;
using Delivery.Mta.Tests.Jobs.Control;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Lanes;

/// <summary>Rates as the relay sees them. DELIVERY_RATE_SECONDS=60 runs longer and holds the rate from below as well, which a busy machine need not.</summary>
public sealed class RateTests
{
    private static readonly double? Seconds =
        double.TryParse(Environment.GetEnvironmentVariable("DELIVERY_RATE_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    [Fact]
    public async Task A_job_with_a_rate_takes_its_time_and_the_others_do_not_wait_for_it()
    {
        var rate = Seconds is null ? 200 : 100;
        var recipients = (int)(rate * (Seconds ?? 4));
        await using var mta = await MtaFixture.StartAsync();
        var arrived = new List<TimeSpan>();
        var clock = Stopwatch.StartNew();
        mta.Peer.Taken = message =>
        {
            if (message.Text.Contains("rated", StringComparison.Ordinal))
            {
                lock (arrived)
                    arrived.Add(clock.Elapsed);
            }
        };
        var job = MtaFixture.Job(recipients, "<p>rated {{n}}</p>").With("max_rate", rate);

        clock.Restart();
        var rated = await mta.SubmitAsync(job);
        var free = await mta.SubmitAsync(MtaFixture.Job(500));
        await mta.FinishedAsync(free, TimeSpan.FromMinutes(1));
        var before = (await mta.StatusAsync(rated)).Count("delivered");
        await mta.FinishedAsync(rated, TimeSpan.FromSeconds(60 + 2 * (Seconds ?? 4)));

        Assert.Equal(recipients, arrived.Count);
        Assert.True(arrived[^1].TotalSeconds >= (recipients - 1.0) / rate, $"the last one came after {arrived[^1]}");
        for (var i = 0; i < recipients; i++)
            Assert.True(i + 1 <= 1 + rate * arrived[i].TotalSeconds, $"number {i + 1} came after {arrived[i]}");
        if (Seconds is null)
            return;
        Assert.InRange((arrived[^1] - arrived[0]).TotalSeconds, recipients / (double)rate * 0.95, recipients / (double)rate * 1.05);
        Assert.InRange(before, 0, recipients / 2);
    }

    [Fact]
    public async Task All_jobs_of_an_account_share_its_rate_and_those_of_another_do_not()
    {
        const int Rate = 100;
        await using var mta = await MtaFixture.StartAsync(("Mta__AccountRates__0__Account", "1"), ("Mta__AccountRates__0__PerSecond", "100"));
        var clock = Stopwatch.StartNew();
        var jobs = new[] { await mta.SubmitAsync(MtaFixture.Job(150)), await mta.SubmitAsync(MtaFixture.Job(150)) };

        foreach (var job in jobs)
            await mta.FinishedAsync(job, TimeSpan.FromMinutes(1));

        // An account that was idle catches up by one second's worth.
        Assert.True(clock.Elapsed.TotalSeconds >= (299.0 - Rate) / Rate, $"finished after {clock.Elapsed}");
        Assert.Equal(300, mta.Peer.Messages.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData("fast")]
    public async Task What_is_no_rate_is_refused_by_its_field(object rate)
    {
        await using var mta = await MtaFixture.StartAsync();
        using var answer = await mta.PostAsync(MtaFixture.Job(1).With("max_rate", rate));

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("options.max_rate", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
