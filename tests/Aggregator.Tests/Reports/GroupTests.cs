using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class GroupTests(SharedStores stores)
{
    private static readonly string[] Figures =
        ["accepted", "delivered", "bounced", "dropped", "expired", "opens.unique", "clicks.unique", "rates.open", "rates.click", "rates.bounce"];

    [Fact]
    public async Task Figures_are_told_apart_by_domain_variant_and_provider()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation).Job(1).Job(2)
            .Accept(1, 0, "gmail.com", "A").Accept(1, 1, "gmail.com", "B").Accept(1, 2, "gmail.com", "A").Accept(1, 3, "gmail.com", "B")
            .Accept(1, 4, "hotmail.co.uk", "A").Accept(1, 5, "outlook.com", "B").Accept(1, 6, "a.example").Accept(1, 7, "b.example", "A").Accept(1, 8, "outlook.com.example", "A")
            .Each(EventKind.Delivered, 1, 0, 1, 4, 6).Add(EventKind.Bounced, 1, 2, bounce: BounceClass.InvalidRecipient)
            .Add(EventKind.Dropped, 1, 3, reason: "suppressed").Add(EventKind.Expired, 1, 5)
            .Add(EventKind.Opened, 1, 0).Add(EventKind.Opened, 1, 0).Add(EventKind.Opened, 1, 1, reader: ReaderClass.Proxy).Add(EventKind.Opened, 1, 4)
            .Add(EventKind.Clicked, 1, 4, position: 1).Add(EventKind.Clicked, 1, 1, position: 1).Add(EventKind.Clicked, 1, 6, reader: ReaderClass.Scanner, position: 1);
        await known.PublishAsync();
        // The same recipients once more, as a repeated insert brings them.
        await installation.ClickHouse.ExecuteAsync("INSERT INTO recipients SELECT * FROM recipients WHERE job = 1 AND recipient < 3", default);

        var domains = await aggregator.JsonAsync("/v1/jobs/1/report/domains");
        Assert.Equal(
            [
                "gmail.com 4 2 1 1 0 1 1 0.5 0.5 0.3333333333333333", "a.example 1 1 0 0 0 0 0 0 0 0", "b.example 1 0 0 0 0 0 0 null null null",
                "hotmail.co.uk 1 1 0 0 0 1 1 1 1 0", "outlook.com 1 0 0 0 1 0 0 null null null", "outlook.com.example 1 0 0 0 0 0 0 null null null",
            ],
            domains.Lines("domains", ["domain", .. Figures]));
        Assert.Equal("1 null", domains.Line("job", "others"));
        Assert.NotEqual(default, domains.GetProperty("fresh_as_of").GetDateTimeOffset());
        var two = await aggregator.JsonAsync("/v1/jobs/1/report/domains?limit=2");
        Assert.Equal(["gmail.com", "a.example"], two.Lines("domains", "domain"));
        Assert.Equal("4 1 0 0 1 1 1 1 1 0", two.GetProperty("others").Line(Figures));
        Assert.Equal(
            ["A 5 2 1 0 0 2 1 1 0.5 0.3333333333333333", "B 3 1 0 1 1 0 1 0 1 0", " 1 1 0 0 0 0 0 0 0 0"],
            (await aggregator.JsonAsync("/v1/jobs/1/report/variants")).Lines("variants", ["variant", .. Figures]));
        Assert.Equal(
            ["gmail 4 2 1 1 0 1 1 0.5 0.5 0.3333333333333333", "other 3 1 0 0 0 0 0 0 0 0", "outlook 2 1 0 0 1 1 1 1 1 0"],
            (await aggregator.JsonAsync("/v1/jobs/1/report/providers")).Lines("providers", ["provider", .. Figures]));
        Assert.StartsWith(
            "domain,accepted,delivered,bounced,dropped,expired,opens_unique,clicks_unique,rates_open,rates_click,rates_bounce\r\ngmail.com,4,2,1,1,0,1,1,0.5,0.5,0.333333\r\n",
            await aggregator.TextAsync("/v1/jobs/1/report/domains?format=csv"), StringComparison.Ordinal);

        await known.ReclassifyAsync("recipient = 0", 1);
        await known.EraseAsync("job = 1 AND recipient IN (1, 4)");
        Assert.Equal(
            [
                "gmail.com 3 1 1 1 0 0 0 0 0 0.5", " 2 2 0 0 0 1 2 0.5 1 0", "a.example 1 1 0 0 0 0 0 0 0 0", "b.example 1 0 0 0 0 0 0 null null null",
                "outlook.com 1 0 0 0 1 0 0 null null null", "outlook.com.example 1 0 0 0 0 0 0 null null null",
            ],
            (await aggregator.JsonAsync("/v1/jobs/1/report/domains")).Lines("domains", ["domain", .. Figures]));
        Assert.Equal(
            ["A 5 2 1 0 0 1 1 0.5 0.5 0.3333333333333333", "B 3 1 0 1 1 0 1 0 1 0", " 1 1 0 0 0 0 0 0 0 0"],
            (await aggregator.JsonAsync("/v1/jobs/1/report/variants")).Lines("variants", ["variant", .. Figures]));
        Assert.Equal(["gmail 3", "other 3", " 2", "outlook 1"], (await aggregator.JsonAsync("/v1/jobs/1/report/providers")).Lines("providers", "provider", "accepted"));

        foreach (var path in new[] { "domains", "variants", "providers" })
        {
            Assert.Empty((await aggregator.JsonAsync($"/v1/jobs/2/report/{path}")).GetProperty(path).EnumerateArray());
            await aggregator.ProblemAsync(HttpStatusCode.NotFound, $"/v1/jobs/1/report/{path}", Installation.OtherKey);
            Assert.Contains("'limit'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, $"/v1/jobs/1/report/{path}?limit=0"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Recipients_from_before_the_projection_are_counted_too()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await new KnownEvents(installation).Job(1).Accept(1, 0, "gmail.com").Accept(1, 1, "a.example").PublishAsync();
        await installation.ClickHouse.ExecuteAsync("ALTER TABLE recipients CLEAR PROJECTION by_audience SETTINGS mutations_sync = 2", default);
        await new KnownEvents(installation, producer: 2).Accept(1, 2, "gmail.com").PublishAsync();
        Assert.Equal(["gmail.com 2", "a.example 1"], (await aggregator.JsonAsync("/v1/jobs/1/report/domains")).Lines("domains", "domain", "accepted"));
    }
}
