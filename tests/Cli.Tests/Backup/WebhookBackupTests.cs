using Delivery.Contracts.Streams;
using Delivery.Contracts.Tokens;
using Delivery.Contracts.Webhooks;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Cli.Tests.Backup;

/// <summary>Webhooks come back with their secrets and places; what a Redis has already stays as it is.</summary>
public sealed class WebhookBackupTests
{
    [Fact]
    public async Task Webhooks_come_back_where_they_stood_and_do_not_overwrite()
    {
        using var folder = new TemporaryFolder();
        var (source, target, backup) = (folder.File("source"), folder.File("target"), folder.File("backup.tar.gz"));
        Directory.CreateDirectory(source);
        _ = KeyRing.LoadOrCreate(Path.Combine(source, "keys.json"));
        var keys = new WebhookKeys(new RedisOptions());
        await using var redis = await RedisProcess.StartAsync();
        await using var other = await RedisProcess.StartAsync();
        using var before = await redis.ConnectAsync();
        using var after = await other.ConnectAsync();
        const string definition = "{\"id\":\"wh_1\",\"secret\":\"whsec_AA==\",\"url\":\"https://example.com/\\u00fc\"}";
        await before.GetDatabase().HashSetAsync(keys.Subscriptions, "wh_1", definition);
        await before.GetDatabase().HashSetAsync(keys.State("wh_1"), WebhookKeys.CursorField, "{\"marks\":{\"0:1\":5}}");
        await before.GetDatabase().HashSetAsync(keys.Stopped, "wh_1", "gone");
        await before.GetDatabase().HashSetAsync(keys.Subscriptions, "wh_2", "{}");
        await after.GetDatabase().HashSetAsync(keys.Subscriptions, "wh_2", "{\"newer\":1}");

        await OkAsync("backup", backup, "--data", source, "--redis", redis.Address);
        await OkAsync("restore", backup, "--data", target, "--redis", other.Address);
        Assert.Equal(definition, (string?)await after.GetDatabase().HashGetAsync(keys.Subscriptions, "wh_1"));
        Assert.Equal("{\"marks\":{\"0:1\":5}}", (string?)await after.GetDatabase().HashGetAsync(keys.State("wh_1"), WebhookKeys.CursorField));
        Assert.Equal("gone", (string?)await after.GetDatabase().HashGetAsync(keys.Stopped, "wh_1"));
        Assert.Equal("{\"newer\":1}", (string?)await after.GetDatabase().HashGetAsync(keys.Subscriptions, "wh_2"));
        Assert.Equal("1", (string?)await after.GetDatabase().StringGetAsync(keys.Version));
    }

    private static async Task OkAsync(params string[] arguments)
    {
        var (code, _, error) = await CliRun.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {error}");
    }
}
