using System.Text;
using System.Text.Json;
using Delivery.Cli.Streams;

namespace Delivery.Cli.Tests.Streams;

public sealed class StreamTextTests
{
    [Theory]
    [InlineData(0, "Redis uses 512.0 MB; it has no bound.", "null", "null")]
    [InlineData(1_073_741_824, "Redis uses 512.0 of 1024.0 MB (50.0 %), not growing.", "null", "0")]
    [InlineData(1_073_741_824, "Redis uses 512.0 of 1024.0 MB (50.0 %), full in 2.5 h at 50.0 KB/s.", "9000", "51200")]
    public void The_memory_of_Redis_is_one_line(long max, string line, string left, string growth)
    {
        using var json = JsonDocument.Parse(
            $"{{\"used_bytes\":536870912,\"max_bytes\":{max},\"used_percent\":50,\"growth_bytes_per_second\":{growth},\"seconds_to_bound\":{left}}}");
        Assert.Equal(line, StreamsView.RedisLine(json.RootElement));
    }

    [Fact]
    public void A_letter_is_shown_with_its_bytes_in_hex()
    {
        using var json = JsonDocument.Parse(
            """{"shard":1,"id":"7-0","time":"2026-11-22T16:30:00Z","reason":"unknown kind 99","producer":"","number":"5","entry":"6-0","records":"3","bytes":4,"raw":"Y0FUAA=="}""");
        Assert.Equal("1 7-0 2026-11-22T16:30:00Z producer ? number 5 a whole entry of 3, 4 bytes: unknown kind 99", LetterText.Line(json.RootElement));
        Assert.Contains("000000  63 41 54 00 ", LetterText.Whole(json.RootElement), StringComparison.Ordinal);
        Assert.EndsWith("cAT.", LetterText.Whole(json.RootElement), StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_says_only_what_was_asked()
    {
        Assert.Equal("""{"shard":2,"ids":["7-0"]}""", Encoding.UTF8.GetString(LetterText.Order(2, ["7-0"], null, false, null, null)));
        Assert.Equal("""{"shard":0,"all":true,"after":"1-0","until":"9-0"}""", Encoding.UTF8.GetString(LetterText.Order(0, [], null, true, "1-0", "9-0")));
    }
}
