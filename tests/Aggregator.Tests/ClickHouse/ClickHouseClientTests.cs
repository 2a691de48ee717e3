using System.Collections.Concurrent;
using Delivery.Aggregator.ClickHouse;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Delivery.Aggregator.Tests.ClickHouse;

/// <summary>What goes over the wire, seen from a server that answers as it is told.</summary>
public class ClickHouseClientTests
{
    private readonly ConcurrentQueue<(string Query, string User, string Key, string Body)> _requests = new();

    [Fact]
    public async Task Credentials_go_in_headers_and_never_in_the_address()
    {
        await using var server = await ServeAsync(_ => "1\n");
        var client = Client(server, options => (options.User, options.Password) = ("ann", "s3cret!"));
        await client.QueryAsync("SELECT {a:String} FORMAT TSV", default, ("a", "x&y=z +%"));
        Assert.True(_requests.TryDequeue(out var request));
        Assert.Equal(("ann", "s3cret!", "SELECT {a:String} FORMAT TSV"), (request.User, request.Key, request.Body));
        Assert.DoesNotContain("s3cret", request.Query, StringComparison.Ordinal);
        Assert.Contains("param_a=x%26y%3Dz%20%2B%25", request.Query, StringComparison.Ordinal);
        Assert.Contains("database=delivery", request.Query, StringComparison.Ordinal);
        Assert.Contains("wait_end_of_query=1", request.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_insert_is_synchronous_one_block_and_carries_its_token()
    {
        await using var server = await ServeAsync(_ => "");
        await Client(server).InsertAsync("events", "a, b", new byte[] { 65, 66 }, "0:1-0:2-0", default);
        Assert.True(_requests.TryDequeue(out var request));
        Assert.Equal("AB", request.Body);
        foreach (var part in new[] { "async_insert=0", "insert_deduplication_token=0%3A1-0%3A2-0", "deduplicate_blocks_in_dependent_materialized_views=1", "max_partitions_per_insert_block=0" })
            Assert.Contains(part, request.Query, StringComparison.Ordinal);
        Assert.Contains("query=INSERT%20INTO%20events%20%28a%2C%20b%29%20FORMAT%20RowBinary", request.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_in_time_is_an_error_of_its_own()
    {
        var hold = new TaskCompletionSource();
        await using var server = await ServeAsync(_ =>
        {
            hold.Task.Wait(TimeSpan.FromSeconds(20));
            return "";
        });
        var client = Client(server, options => options.Timeout = TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT 1", default));
        hold.SetResult();
        Assert.Contains("did not answer within 1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_the_password()
    {
        var client = new ClickHouseClient(new HttpClient(), new ClickHouseOptions { Url = $"http://127.0.0.1:{Testing.FreePort.Next()}", Password = "s3cret!" });
        var error = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT 1", default));
        Assert.Contains("cannot be reached at http://127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("23.8.16.16")]
    [InlineData("24.7.1.1")]
    [InlineData("strange")]
    public async Task An_old_server_is_refused_before_anything_is_created(string version)
    {
        await using var server = await ServeAsync(_ => version + "\n");
        var error = await Assert.ThrowsAsync<SchemaException>(() => new SchemaUpdate(Client(server)).ApplyAsync(SchemaFile.BuiltIn, default));
        Assert.Contains($"ClickHouse {version} is too old: 24.8 or newer", error.Message, StringComparison.Ordinal);
        Assert.Single(_requests);
    }

    private static ClickHouseClient Client(WebApplication server, Action<ClickHouseOptions>? change = null)
    {
        var options = new ClickHouseOptions { Url = server.Urls.First() };
        change?.Invoke(options);
        return new ClickHouseClient(new HttpClient(), options);
    }

    private async Task<WebApplication> ServeAsync(Func<string, string> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapPost("/", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            _requests.Enqueue((http.Request.QueryString.Value!, http.Request.Headers["X-ClickHouse-User"].ToString(), http.Request.Headers["X-ClickHouse-Key"].ToString(), body));
            await http.Response.WriteAsync(answer(body));
        });
        await server.StartAsync();
        return server;
    }
}
