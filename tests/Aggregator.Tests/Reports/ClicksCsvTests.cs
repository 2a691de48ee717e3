using Delivery.Aggregator.Reports;

namespace Delivery.Aggregator.Tests.Reports;

public class ClicksCsvTests
{
    private static LinkReport Link(string text) => new(1, 1, "html", "https://x.example/", text, 3, 2, 0.75, 1, 1);

    [Fact]
    public void Rows_end_with_CRLF_under_a_header()
    {
        Assert.Equal(
            "position,link,part,url,text,clicks,unique_clicks,share,machine_clicks,unique_machine_clicks\r\n"
            + "1,1,html,https://x.example/,Buy,3,2,0.75,1,1\r\n",
            ClicksCsv.Write([Link("Buy")]));
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public void A_formula_is_defused(string text) =>
        Assert.Contains($",\"'{text}\",3,", ClicksCsv.Write([Link(text)]), StringComparison.Ordinal);

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void Text_is_quoted_where_it_must_be(string text, string written) =>
        Assert.Contains($"x.example/,{written},3,", ClicksCsv.Write([Link(text)]), StringComparison.Ordinal);

    [Fact]
    public void A_share_of_nothing_is_empty() =>
        Assert.Contains(",0,0,,0,0\r\n", ClicksCsv.Write([new(1, 1, "html", "u", "t", 0, 0, null, 0, 0)]), StringComparison.Ordinal);
}
