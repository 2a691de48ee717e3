using System.Net;

namespace Delivery.EmbeddedClickHouse.Tests;

[Collection(ClickHouseCollection.Name)]
public sealed class SettingTests(SharedClickHouse clickHouse)
{
    [Fact]
    public async Task A_setting_holds_for_its_request_alone()
    {
        const string ask = "SELECT getSetting('max_block_size'), getSetting('log_comment') LIKE '%mine', getSetting('async_insert')";
        var before = await clickHouse.QueryAsync(ask);
        using (var set = await clickHouse.PostAsync("max_block_size=777&log_comment=mine&async_insert=1", ask))
            Assert.Equal("777\t1\ttrue\n", await set.Content.ReadAsStringAsync());
        await clickHouse.QueryAsync("SET max_block_size = 778");
        await clickHouse.QueryAsync("SELECT 1 SETTINGS max_block_size = 779");
        for (var i = 0; i < 20; i++) Assert.Equal(before, await clickHouse.QueryAsync(ask));
        Assert.EndsWith("\t0\tfalse\n", before);
    }

    [Fact]
    public async Task The_defaults_are_those_of_a_server()
    {
        Assert.Equal(
            "false\tfalse\tfalse\tpread\n",
            await clickHouse.QueryAsync("SELECT getSetting('async_insert'), getSetting('implicit_select'), getSetting('allow_introspection_functions'), getSetting('storage_file_read_method')"));
    }

    [Theory]
    [InlineData("nonsense=1")]
    [InlineData("optimize_nonsense=1")]
    [InlineData("path=/tmp/x")]
    [InlineData("format_schema=/etc/passwd")]
    [InlineData("output_format_schema=/tmp/x")]
    [InlineData("max_server_memory_usage=1")]
    public async Task A_setting_that_is_unknown_or_not_for_clients_is_refused(string setting)
    {
        using var response = await clickHouse.PostAsync(setting, "SELECT 1");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("115", Assert.Single(response.Headers.GetValues("X-ClickHouse-Exception-Code")));
        Assert.Contains("(UNKNOWN_SETTING)", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_value_that_its_setting_cannot_have_is_an_error_with_a_reason()
    {
        using var response = await clickHouse.PostAsync("max_threads=many", "SELECT 1");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("many", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_limit_on_time_is_kept()
    {
        using var response = await clickHouse.PostAsync("max_execution_time=1", "SELECT count() FROM numbers(1000000000000) WHERE number % 7 = 3");
        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
        Assert.Contains("(TIMEOUT_EXCEEDED)", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("compress=1")]
    [InlineData("decompress=1")]
    public async Task What_is_not_supported_says_so(string parameter)
    {
        using var response = await clickHouse.PostAsync(parameter, "SELECT 1");
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Contains("Content-Encoding", await response.Content.ReadAsStringAsync());
    }
}
