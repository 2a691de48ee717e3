using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Tests.Reports;

public sealed class LinkReportTests
{
    private static readonly LinkRow[] Template = [new(2, 1, "text", "https://x.example/", "x"), new(1, 1, "html", "https://x.example/", "X")];

    [Fact]
    public void Every_link_of_the_template_stands_there_by_position_clicked_or_not() => Assert.Equal(
        [new LinkReport(1, 1, "html", "https://x.example/", "X", 0, 0, 0, 0, 0), new LinkReport(2, 1, "text", "https://x.example/", "x", 4, 3, 1, 2, 1)],
        LinkReport.Of(Template, [new LinkClicks(2, 1, 4, 3, 2, 1)]));

    [Fact]
    public void A_click_that_is_known_before_its_template_is_counted() => Assert.Equal(
        [new LinkReport(3, 2, "", "", "", 1, 1, 1, 0, 0)],
        LinkReport.Of([], [new LinkClicks(3, 2, 1, 1, 0, 0)]));

    [Fact]
    public void There_are_no_shares_where_no_person_clicked() => Assert.All(LinkReport.Of(Template, [new LinkClicks(1, 1, 0, 0, 9, 5)]), link => Assert.Null(link.Share));

    [Fact]
    public void Shares_are_of_the_clicks_of_all_links() => Assert.Equal(
        [0.25, 0.75], LinkReport.Of(Template, [new LinkClicks(1, 1, 1, 1, 0, 0), new LinkClicks(2, 1, 3, 1, 0, 0)]).Select(link => link.Share!.Value));
}
