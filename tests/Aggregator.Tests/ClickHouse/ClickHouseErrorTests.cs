using System.Net;
using System.Text;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Tests.ClickHouse;

public class ClickHouseErrorTests
{
    [Fact]
    public void A_failure_status_carries_its_code_and_text()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.NotFound);
        var error = ClickHouseError.Find(response, "Code: 60. DB::Exception: Unknown table. (UNKNOWN_TABLE)\n"u8);
        Assert.Equal(60, error!.Code);
        Assert.Contains("Unknown table", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_inside_a_200_is_seen_in_the_header()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        response.Headers.Add("X-ClickHouse-Exception-Code", "241");
        Assert.Equal(241, ClickHouseError.Find(response, "1\t2\n"u8)!.Code);
    }

    [Theory]
    [InlineData("1\t2\nCode: 241. DB::Exception: Memory limit exceeded.", 241)]
    [InlineData("1\n__exception__\r\nabc\r\nCode: 159. DB::Exception: Timeout exceeded\r\n", 159)]
    public void An_error_inside_a_200_is_seen_in_the_body(string body, int code)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        Assert.Equal(code, ClickHouseError.Find(response, Encoding.UTF8.GetBytes(body))!.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1\tCode: 241. DB::Exception: in a column\n")]
    [InlineData("Code: red\n")]
    public void A_sound_answer_is_no_error(string body)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        Assert.Null(ClickHouseError.Find(response, Encoding.UTF8.GetBytes(body)));
    }
}
