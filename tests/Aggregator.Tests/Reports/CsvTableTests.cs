using System.Text;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Tests.Reports;

public class CsvTableTests
{
    private static LinkReport Link(string text) => new(1, 1, "html", "https://x.example/", text, 3, 2, 0.75, 1, 1);

    private static string Write(LinkReport[] links)
    {
        var csv = new StringBuilder();
        var table = new CsvTable<LinkReport>(ReportJson.Default.LinkReport);
        table.AppendHeader(csv);
        foreach (var link in links)
            table.AppendRow(csv, link);
        return csv.ToString();
    }

    [Fact]
    public void Rows_end_with_CRLF_under_a_header()
    {
        Assert.Equal(
            "position,link,part,url,text,clicks,unique_clicks,share,machine_clicks,unique_machine_clicks\r\n"
            + "1,1,html,https://x.example/,Buy,3,2,0.75,1,1\r\n",
            Write([Link("Buy")]));
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠SUM(A1)")]
    public void A_formula_is_defused(string text) =>
        Assert.Contains($",\"'{text}\",3,", Write([Link(text)]), StringComparison.Ordinal);

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("a;=1+1", "\"a;=1+1\"")]
    [InlineData("a\t=1", "\"a\t=1\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void Text_is_quoted_where_it_must_be(string text, string written) =>
        Assert.Contains($"x.example/,{written},3,", Write([Link(text)]), StringComparison.Ordinal);

    [Fact]
    public void What_lies_within_an_object_has_both_names_and_lists_have_no_column()
    {
        Assert.Equal(
            "job,campaign_id,subject,from_email,created,recipients_accepted,delivered,bounced,expired,dropped,deferred,pending,opens_total,opens_unique,"
            + "clicks_total,clicks_unique,unsubscribes_total,unsubscribes_unique,complaints,machines_opens_total,machines_opens_unique,"
            + "machines_clicks_total,machines_clicks_unique,rates_open,rates_click,rates_click_to_open,rates_unsubscribe,rates_bounce",
            string.Join(',', new CsvTable<JobLine>(ReportJson.Default.JobLine).Columns));
        Assert.DoesNotContain(new CsvTable<JobReport>(ReportJson.Default.JobReport).Columns, name => name.StartsWith("links", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.75, "0.75")]
    [InlineData(0.00012345678, "0.000123")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(1.5e-9, "1.5E-09")]
    [InlineData(0, "0")]
    public void A_number_is_written_as_it_is(double number, string written)
    {
        var csv = new StringBuilder();
        CsvText.AppendValue(csv, number);
        Assert.Equal(written, csv.ToString());
    }

    [Fact]
    public void A_share_of_nothing_is_empty() =>
        Assert.Contains(",0,0,,0,0\r\n", Write([new(1, 1, "html", "u", "t", 0, 0, null, 0, 0)]), StringComparison.Ordinal);
}
