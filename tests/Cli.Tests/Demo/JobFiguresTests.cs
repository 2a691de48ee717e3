using System.Text.Json;
using Delivery.Cli.Demo.Campaign;
using Delivery.Cli.Demo.Readers;
using Delivery.Cli.Demo.Results;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Demo;

public sealed class JobFiguresTests
{
    [Fact]
    public void Times_and_people_are_counted_apart_and_per_position()
    {
        var tally = new ReadingTally(ExampleCampaign.Load());
        Assert.True(tally.Delivered(0));
        Assert.True(tally.Delivered(1));
        Assert.False(tally.Delivered(1));
        tally.Opened(0);
        tally.Opened(0);
        tally.Opened(1);
        tally.Clicked(0, 5);
        tally.Clicked(0, 5);
        tally.Clicked(0, 1);
        tally.Clicked(1, 5);
        tally.Unsubscribed(1);
        tally.Unsubscribed(1);
        var figures = tally.Figures();
        Assert.Equal(2, figures.Delivered);
        Assert.Equal(new TotalAndUnique(3, 2), figures.Opens);
        Assert.Equal(new TotalAndUnique(4, 2), figures.Clicks);
        Assert.Equal(1, figures.Unsubscribes);
        Assert.Equal((3, 2), (figures.Links.Single(link => link.Position == 5).Clicks, figures.Links.Single(link => link.Position == 5).UniqueClicks));
        Assert.Equal(4, figures.Links.Sum(link => link.Clicks));
        Assert.Equal(ExampleCampaign.Load().Links.Count(link => link.Tracked), figures.Links.Count);
    }

    [Fact]
    public void What_is_expected_has_the_shape_of_what_is_found()
    {
        using var folder = new TemporaryFolder();
        var expected = new JobFigures { Job = "7", Recipients = 2, Delivered = 2, Opens = new(3, 2), Clicks = new(4, 2), Links = [] };
        var result = new DemoResult
        {
            Job = "7", Recipients = 1, Delivered = 2, Opens = expected.Opens, Clicks = expected.Clicks, Unsubscribes = 0, Links = [],
            Expected = expected, Seconds = new DemoSeconds(1, 1, 1, 1),
        };
        result.Write(folder.File("result.json"));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("result.json")));
        var found = json.RootElement.EnumerateObject().Select(property => property.Name).ToList();
        Assert.Equal(found.Except(["expected", "seconds"]), json.RootElement.GetProperty("expected").EnumerateObject().Select(property => property.Name));
        Assert.Equal("7", json.RootElement.GetProperty("expected").GetProperty("job").GetString());
        Assert.Equal((1, 2), (json.RootElement.GetProperty("recipients").GetInt64(), json.RootElement.GetProperty("expected").GetProperty("recipients").GetInt64()));
    }

    [Fact]
    public void Each_figure_that_differs_is_named()
    {
        var expected = new JobFigures { Delivered = 2, Opens = new(3, 2), Clicks = new(4, 2), Unsubscribes = 1, Links = [new(1, "https://a.example/", 4, 2)] };
        Assert.Empty((expected with { Links = [new(1, "https://a.example/", 4, 2)] }).DifferencesTo("the report", expected));
        Assert.Contains("1 were submitted", Assert.Single(expected.DifferencesTo("the report", expected with { Recipients = 1 })), StringComparison.Ordinal);
        Assert.Contains("delivered", Assert.Single((expected with { Delivered = 1 }).DifferencesTo("the report", expected)), StringComparison.Ordinal);
        Assert.Contains("opens", Assert.Single((expected with { Opens = new(3, 1) }).DifferencesTo("the report", expected)), StringComparison.Ordinal);
        Assert.Contains("clicks", Assert.Single((expected with { Clicks = new(5, 2) }).DifferencesTo("the report", expected)), StringComparison.Ordinal);
        Assert.Contains("unsubscribes", Assert.Single((expected with { Unsubscribes = 0 }).DifferencesTo("the report", expected)), StringComparison.Ordinal);
        Assert.Contains("position 1", Assert.Single((expected with { Links = [] }).DifferencesTo("the report", expected)), StringComparison.Ordinal);
        Assert.Contains("position 2", Assert.Single((expected with { Links = [.. expected.Links, new(2, "", 0, 0)] }).DifferencesTo("the report", expected)), StringComparison.Ordinal);
    }
}
