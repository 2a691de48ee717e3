using Delivery.Aggregator.Webhooks;

namespace Delivery.Aggregator.Tests.Webhooks;

public class RetryDelaysTests
{
    private static readonly WebhookOptions Options = new();

    [Fact]
    public void Waits_double_from_a_second_to_five_minutes_and_differ_by_a_quarter()
    {
        var random = new Random(5);
        for (var failures = 1; failures < 10_000; failures = failures < 20 ? failures + 1 : failures * 3)
        {
            var exact = Math.Min(300, Math.Pow(2, Math.Min(failures, 30) - 1));
            for (var i = 0; i < 50; i++)
            {
                var wait = RetryDelays.After(failures, random.NextDouble(), null, Options).TotalSeconds;
                Assert.InRange(wait, Math.Max(1, exact * 0.75), Math.Min(300, exact * 1.25));
            }
        }

        Assert.NotEqual(RetryDelays.After(5, 0, null, Options), RetryDelays.After(5, 1, null, Options));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    [InlineData(90, 90)]
    [InlineData(7200, 3600)]
    [InlineData(-5, 4)]
    public void What_the_receiver_asks_for_holds_where_it_is_longer_up_to_an_hour(int asked, int seconds) =>
        Assert.Equal(seconds, RetryDelays.After(3, 0.5, TimeSpan.FromSeconds(asked), Options).TotalSeconds);
}
