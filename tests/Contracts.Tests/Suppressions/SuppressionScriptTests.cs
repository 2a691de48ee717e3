using Delivery.Contracts.Suppressions;
using StackExchange.Redis;

namespace Delivery.Contracts.Tests.Suppressions;

public sealed class SuppressionScriptTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly RecipientKey Jane = new(1, 2);
    private static readonly RecipientKey John = new(3, 4);

    [Fact]
    public async Task Adding_again_changes_nothing_and_the_log_tells_each_change_once()
    {
        var keys = new SuppressionKeys(fixture.Options());
        Assert.True(await AddAsync(keys, 7, Jane, SuppressionReason.Unsubscribe, 1000));
        Assert.False(await AddAsync(keys, 7, Jane, SuppressionReason.Complaint, 2000));
        Assert.True(await AddAsync(keys, 7, John, SuppressionReason.HardBounce, 3000));
        Assert.True(await AddAsync(keys, 8, Jane, SuppressionReason.Manual, 4000));

        Assert.Equal("unsubscribe|1000|5", (string)(await fixture.Database.HashGetAsync(keys.Of(7), Jane.ToString()))!);
        Assert.Equal("hard_bounce|3000|5", (string)(await fixture.Database.HashGetAsync(keys.Of(7), John.ToString()))!);
        Assert.Equal("manual|4000|5", (string)(await fixture.Database.HashGetAsync(keys.Of(8), Jane.ToString()))!);
        Assert.Equal(["7", "8"], (await fixture.Database.SetMembersAsync(keys.Accounts)).Select(a => (string)a!).Order());
        Assert.Equal([$"7 {Jane} add", $"7 {John} add", $"8 {Jane} add"], await LogAsync(keys));
    }

    [Fact]
    public async Task Removing_is_idempotent_and_logged_and_what_was_removed_can_come_back()
    {
        var keys = new SuppressionKeys(fixture.Options());
        Assert.False(await SuppressionScript.RemoveAsync(fixture.Database, keys, 7, Jane, Deadline));
        Assert.True(await AddAsync(keys, 7, Jane, SuppressionReason.Complaint, 1));
        Assert.True(await SuppressionScript.RemoveAsync(fixture.Database, keys, 7, Jane, Deadline));
        Assert.False(await SuppressionScript.RemoveAsync(fixture.Database, keys, 7, Jane, Deadline));
        Assert.True(await AddAsync(keys, 7, Jane, SuppressionReason.Unsubscribe, 2));
        Assert.Equal([$"7 {Jane} add", $"7 {Jane} remove", $"7 {Jane} add"], await LogAsync(keys));
    }

    [Fact]
    public async Task Of_many_at_once_one_adds()
    {
        var keys = new SuppressionKeys(fixture.Options());
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => AddAsync(keys, 7, Jane, SuppressionReason.Unsubscribe, i)));
        Assert.Single(results, added => added);
        Assert.Single(await LogAsync(keys));
    }

    [Fact]
    public void All_keys_share_one_hash_tag()
    {
        var keys = new SuppressionKeys(new Contracts.Streams.RedisOptions { Prefix = "p:" });
        Assert.All(new[] { keys.Of(7), keys.Accounts, keys.Log }, k => Assert.StartsWith("p:{suppressions}:", (string)k!, StringComparison.Ordinal));
        Assert.NotEqual((string)keys.Of(7)!, (string)keys.Of(8)!);
    }

    private Task<bool> AddAsync(SuppressionKeys keys, uint account, RecipientKey recipient, SuppressionReason reason, long timeMs) =>
        SuppressionScript.AddAsync(fixture.Database, keys, account, recipient, reason, 5, timeMs, Deadline);

    private async Task<List<string>> LogAsync(SuppressionKeys keys)
    {
        var entries = (RedisResult[])(await fixture.Database.ExecuteAsync("XRANGE", [keys.Log, "-", "+"]))!;
        return [.. entries.Select(e => (RedisValue[])((RedisResult[])e!)[1]!).Select(f => $"{f[1]} {f[3]} {f[5]}")];
    }
}
