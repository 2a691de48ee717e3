using System.Net;
using Delivery.Aggregator.Audiences;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Delivery.Aggregator.Tests.Audiences;

[Collection(SharedStoresCollection.Name)]
public class AudienceLimitsTests(SharedStores stores)
{
    [Fact]
    public void Equal_conditions_are_one_and_links_not_clicked_are_one_set_however_many_there_are()
    {
        var same = Read(string.Join('&', Enumerable.Repeat("not_clicked_position=3", 64)));
        Assert.Equal(new AudienceCondition(AudienceDeed.ClickedPosition, 3, false), Assert.Single(same.Conditions));
        var one = Subqueries(same);
        Assert.Equal(one, Subqueries(Read(string.Join('&', Enumerable.Range(1, 64).Select(position => $"not_clicked_position={position}")))));
        Assert.Equal(one + 1, Subqueries(Read("not_clicked_position=3&clicked_position=3&not_clicked_position=3")));
    }

    [Fact]
    public async Task An_account_that_reads_four_audiences_is_told_to_come_back_and_others_are_not()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await Eventually.HoldsAsync(async () => (await aggregator.GetAsync("/v1/jobs/3/audience/count")).StatusCode == HttpStatusCode.NotFound, "the reports answer");
        var places = aggregator.Service<AudiencePlaces>();
        var taken = Enumerable.Range(0, AudiencePlaces.MostAtOnce).Select(_ => places.TryTake(Installation.Account)).ToList();
        Assert.All(taken, Assert.NotNull);
        foreach (var path in (string[])["/v1/jobs/3/audience", "/v1/jobs/3/audience/count"])
        {
            using var refused = await aggregator.GetAsync(path);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            using var other = await aggregator.GetAsync(path, Installation.OtherKey);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }

        taken[0]!.Dispose();
        for (var i = 0; i < AudiencePlaces.MostAtOnce + 1; i++)
        {
            using var again = await aggregator.GetAsync("/v1/jobs/3/audience");
            Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        }
    }

    private static Audience Read(string query)
    {
        var audience = AudienceParameters.Read(new QueryCollection(QueryHelpers.ParseQuery("?" + query)), [], out var fault);
        Assert.Null(fault);
        return audience!;
    }

    private static int Subqueries(Audience audience) => new AudienceSql(1, 1, audience).Count.Split("groupBitmapMergeState").Length;
}
