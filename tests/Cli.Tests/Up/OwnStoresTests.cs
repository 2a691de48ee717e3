using Delivery.Cli.Up;
using Delivery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Delivery.Cli.Tests.Up;

public sealed class OwnStoresTests
{
    [Fact]
    public async Task A_redis_that_runs_is_taken()
    {
        await using var redis = await RedisProcess.StartAsync();
        await OwnStores.CheckRedisAsync(redis.Address);
    }

    [Fact]
    public async Task A_redis_that_does_not_answer_is_named_without_its_password()
    {
        var address = $"127.0.0.1:{FreePort.Next()}";
        var error = await Assert.ThrowsAsync<LaunchException>(() => OwnStores.CheckRedisAsync(address + ",password=secret"));
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
        Assert.Contains("--redis", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redis_that_asks_for_a_password_is_not_taken_without_it()
    {
        await using var redis = await RedisProcess.StartAsync();
        using (var open = await redis.ConnectAsync())
            await open.GetDatabase().ExecuteAsync("CONFIG", "SET", "requirepass", "right");
        await OwnStores.CheckRedisAsync(redis.Address + ",password=right");
        await Assert.ThrowsAsync<LaunchException>(() => OwnStores.CheckRedisAsync(redis.Address + ",password=wrong"));
    }

    [Fact]
    public async Task A_clickhouse_that_does_not_answer_is_named()
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var error = await Assert.ThrowsAsync<LaunchException>(() => OwnStores.CheckClickHouseAsync(url, null, null));
        Assert.Contains(url.Authority, error.Message, StringComparison.Ordinal);
        Assert.Contains("--clickhouse", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("18.16.1", 200, "older than")]
    [InlineData("<html>", 200, "no ClickHouse")]
    [InlineData("Authentication failed", 403, "user and password")]
    [InlineData("Authentication failed", 401, "user and password")]
    [InlineData("Not Found", 404, "no ClickHouse answers")]
    [InlineData("oh dear", 500, "no ClickHouse answers")]
    [InlineData("Code: 516. DB::Exception", 500, "user and password", "516")]
    [InlineData("Code: 241. DB::Exception: Memory limit", 500, "Memory limit", "241")]
    [InlineData("26.7.3.1", 200, null)]
    public async Task A_clickhouse_answers_for_its_version(string answer, int status, string? expected, string? code = null)
    {
        await using var server = WebApplication.CreateSlimBuilder().Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapGet("/", (HttpResponse response) =>
        {
            if (code is not null)
                response.Headers["X-ClickHouse-Exception-Code"] = code;
            return Results.Text(answer + "\n", statusCode: status);
        });
        await server.StartAsync();
        var url = new Uri(server.Urls.Single());
        if (expected is null)
        {
            await OwnStores.CheckClickHouseAsync(url, "me", "secret");
            return;
        }

        var error = await Assert.ThrowsAsync<LaunchException>(() => OwnStores.CheckClickHouseAsync(url, "me", "secret"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(expected == "user and password", error.Message.Contains("user and password", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
    }
}
