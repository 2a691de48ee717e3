using System.Net;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

[Collection(ClickHouseCollection.Name)]
public sealed class SessionTests(SharedClickHouse clickHouse)
{
    [Fact]
    public async Task A_session_keeps_what_its_statements_set_and_nothing_of_the_url()
    {
        var session = NewSession();
        await InAsync(session, "CREATE TEMPORARY TABLE mine (n UInt8)");
        await InAsync(session, "INSERT INTO mine VALUES (1 + 1), (3)");
        await InAsync(session, "INSERT INTO mine FORMAT CSV\n4\n");
        await InAsync(session, "SET max_block_size = 777, log_comment = 'it''s \\\\ mine'");
        await InAsync(session, "USE system");
        Assert.Equal("9\t777\tsystem\n", await InAsync(session, "SELECT sum(n), getSetting('max_block_size'), currentDatabase() FROM mine"));
        Assert.Equal("778\tdefault\tx\\'\\\\y\n", await InAsync(
            session, "SELECT getSetting('max_block_size'), currentDatabase(), substring(getSetting('log_comment'), -4)", "&max_block_size=778&database=default&log_comment=" + SharedClickHouse.Escape("x'\\y")));
        Assert.Equal("777\tsystem\ttrue\n", await InAsync(session, "SELECT getSetting('max_block_size'), currentDatabase(), getSetting('input_format_values_interpret_expressions')"));
        Assert.Equal(372, await CodeAsync(NewSession(), "SELECT 1", "&session_check=1"));
        Assert.Equal(60, await CodeAsync(NewSession(), "SELECT * FROM mine"));
    }

    [Fact]
    public async Task A_session_lives_through_errors_and_streamed_results()
    {
        var session = NewSession();
        await InAsync(session, "CREATE TEMPORARY TABLE mine (n UInt8)");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(60, await CodeAsync(session, "SELECT * FROM nowhere"));
            Assert.Equal(395, await CodeAsync(session, "SELECT throwIf(1)"));
            Assert.Equal(117, await CodeAsync(session, "INSERT INTO mine FORMAT CSV\nx"));
            Assert.Equal(115, await CodeAsync(session, "SELECT 1", "&nonsense=1"));
            Assert.Equal(27, await CodeAsync(session, "SELECT 1", "&max_threads=many"));
            Assert.Equal(3_000_000, (await InAsync(session, "SELECT 1 FROM numbers(1500000)")).Length);
            Assert.Equal("0\n", await InAsync(session, "SELECT count() FROM mine"));
        }
    }

    [Fact]
    public async Task Two_requests_at_once_in_one_session_are_refused_as_by_a_server()
    {
        var session = NewSession();
        var slow = InAsync(session, "SELECT sleep(3)");
        await Eventually.HoldsAsync(async () => await CodeAsync(session, "SELECT 1") == 373, "the session is locked");
        await slow;
        Assert.Equal("1\n", await InAsync(session, "SELECT 1"));
    }

    [Fact]
    public async Task A_get_request_cannot_write_in_a_session()
    {
        var session = NewSession();
        using (var get = await clickHouse.Client.GetAsync($"/?session_id={session}&query=CREATE%20TEMPORARY%20TABLE%20t%20(a%20UInt8)"))
            Assert.Equal("164", Assert.Single(get.Headers.GetValues("X-ClickHouse-Exception-Code")));
        Assert.Equal("2\n", await clickHouse.Client.GetStringAsync($"/?session_id={session}&query=SELECT%202"));
        await InAsync(session, "CREATE TEMPORARY TABLE t (a UInt8)");
    }

    [Fact]
    public async Task A_session_ends_with_its_time_or_when_it_is_closed()
    {
        var session = NewSession();
        await InAsync(session, "SELECT 1", "&session_timeout=1");
        for (var pause = 2; await CodeAsync(session, "SELECT 1", "&session_check=1&session_timeout=1") != 372; pause += 2)
        {
            Assert.InRange(pause, 2, 10);
            await Task.Delay(TimeSpan.FromSeconds(pause)); // a request renews the session, so none may be sent meanwhile
        }

        await InAsync(session, "SELECT 1", "&close_session=1");
        Assert.Equal(372, await CodeAsync(session, "SELECT 1", "&session_check=1"));
        Assert.Equal(374, await CodeAsync(session, "SELECT 1", "&session_timeout=3601"));
        Assert.Equal(374, await CodeAsync(session, "SELECT 1", "&session_timeout=soon"));
    }

    [Fact]
    public async Task Sessions_are_bounded_and_a_stop_ends_them()
    {
        await using var server = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:Sessions=2");
        for (var i = 0; i < 3; i++)
        {
            using var response = await server.Client.PostAsync("/?session_id=s" + i, new StringContent("SELECT 1"));
            Assert.Equal(i < 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(i == 2, (await response.Content.ReadAsStringAsync()).Contains("EmbeddedClickHouse:Sessions = 2", StringComparison.Ordinal));
        }

        await server.StopAsync();
        Assert.Equal(0, server.ExitCode);
    }

    private static string NewSession() => Guid.NewGuid().ToString("N");

    private async Task<string> InAsync(string session, string sql, string more = "")
    {
        using var response = await clickHouse.PostAsync($"session_id={session}{more}", sql);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private async Task<int> CodeAsync(string session, string sql, string more = "")
    {
        using var response = await clickHouse.PostAsync($"session_id={session}{more}", sql);
        await response.Content.ReadAsByteArrayAsync();
        return response.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var codes) ? int.Parse(codes.Single()) : 0;
    }
}
