using Delivery.Cli.Processes;

namespace Delivery.Cli.Tests.Processes;

public sealed class BackOffTests
{
    [Fact]
    public void Pauses_double_up_to_the_cap()
    {
        var backOff = new BackOff();
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => (int)backOff.Next(TimeSpan.Zero).TotalSeconds));
    }

    [Fact]
    public void A_minute_of_health_starts_the_row_again()
    {
        var backOff = new BackOff();
        for (var i = 0; i < 5; i++)
            backOff.Next(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), backOff.Next(TimeSpan.FromMinutes(1)));
        Assert.Equal(TimeSpan.FromSeconds(2), backOff.Next(TimeSpan.Zero));
    }
}
