using System.Net;
using Delivery.Aggregator.Reports.Comparisons;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class ComparisonTests(SharedStores stores)
{
    /// <summary>From Python's <c>math.erfc(z / math.sqrt(2))</c>.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0.6170750774519739)]
    [InlineData(-1.959963984540054, 0.05)]
    [InlineData(2.5758293035489004, 0.01)]
    [InlineData(2.83, 0.004654761870564)]
    [InlineData(5, 5.733031437583869e-07)]
    [InlineData(10, 1.5239706048321055e-23)]
    public void Tails_of_the_normal_distribution_are_right_to_ten_digits(double z, double tail) =>
        Assert.InRange(NormalDistribution.TwoSided(z) / tail, 1 - 1e-10, 1 + 1e-10);

    [Fact]
    public void A_test_that_does_not_hold_says_nothing()
    {
        Assert.Equal(new ProportionTest(null, null), ProportionTest.Of(0, 0, 5, 10));
        Assert.Equal(new ProportionTest(null, null), ProportionTest.Of(5, 10, 0, 0));
        Assert.Null(ProportionTest.Of(0, 1000, 0, 1000).PValue);
        Assert.Null(ProportionTest.Of(1000, 1000, 1000, 1000).PValue);
        Assert.Null(ProportionTest.Of(4, 50, 5, 50).PValue);
        Assert.Null(ProportionTest.Of(60, 50, 5, 50).PValue);
        Assert.NotNull(ProportionTest.Of(5, 50, 5, 50).PValue);
        Assert.Equal(1, ProportionTest.Of(5, 50, 5, 50).PValue);
    }

    [Fact]
    public void A_known_example_has_its_known_value()
    {
        // 200 of 1,000 against 170 of 1,000: pooled 0.185, z = 0.03 / sqrt(0.185 * 0.815 * 0.002) = 1.7275812...
        var test = ProportionTest.Of(200, 1000, 170, 1000);
        Assert.Equal(0.03, test.Difference!.Value, 12);
        Assert.Equal(0.0840629, test.PValue!.Value, 6);
    }

    [Fact]
    public async Task Jobs_stand_side_by_side_with_their_links()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation).Job(1, links: [(1, "https://a.example/"), (2, "https://b.example/")]).Job(2).Job(3).Job(9, account: 8);
        for (uint i = 0; i < 40; i++)
        {
            known.Add(EventKind.Delivered, 1, i).Add(EventKind.Delivered, 2, i);
            if (i < 10)
                known.Add(EventKind.Opened, 1, i).Add(EventKind.Clicked, 1, i, reader: ReaderClass.Scanner, position: 1);
            if (i < 20)
                known.Add(EventKind.Opened, 2, i).Add(EventKind.Opened, 2, i);
        }

        await known.Add(EventKind.Clicked, 1, 0, position: 2).PublishAsync();
        var report = await aggregator.JsonAsync("/v1/reports/compare?jobs=2,1,3");
        Assert.Equal(["2 40 20 0.5", "1 40 10 0.25", "3 0 0 null"], report.Lines("jobs", "job", "delivered", "opens.unique", "rates.open"));
        Assert.Equal(["1 0 1", "2 1 0"], report.GetProperty("jobs")[1].Lines("links", "position", "clicks", "machine_clicks"));
        Assert.Equal(["1 2 -0.25", "3 2 null"], report.Lines("tests", "job", "against", "open.difference"));
        var tests = report.GetProperty("tests");
        // z = -0.25 / sqrt(0.375 * 0.625 * 0.05) = -2.3094...
        Assert.Equal(0.0209213353, tests[0].GetProperty("open").GetProperty("p_value").GetDouble(), 9);
        Assert.Equal("0.025 null", tests[0].Line("click.difference", "click.p_value"));
        Assert.Equal("null null", tests[1].Line("open.p_value", "click.difference"));
        Assert.Equal(4, (await aggregator.TextAsync("/v1/reports/compare?jobs=2,1,3&format=csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);

        foreach (var jobs in new[] { "", "?jobs=1", "?jobs=1,1", "?jobs=1,x", "?jobs=1,2,3,4,5,6,7,8,9,10,11" })
            Assert.Contains("'jobs'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/reports/compare" + jobs), StringComparison.Ordinal);
        Assert.Contains("'9'", await aggregator.ProblemAsync(HttpStatusCode.NotFound, "/v1/reports/compare?jobs=1,9"), StringComparison.Ordinal);
    }
}
