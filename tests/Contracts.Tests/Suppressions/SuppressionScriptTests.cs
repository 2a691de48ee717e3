using Delivery.Contracts.Suppressions;
using StackExchange.Redis;

namespace Delivery.Contracts.Tests.Suppressions;

public sealed class SuppressionScriptTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly RecipientKey Jane = new(1, 2);
    private static readonly RecipientKey John = new(3, 4);

    [Fact]
    public async Task Each_reason_and_list_of_a_person_stands_once_and_the_log_tells_each_change_once()
    {
        var keys = new SuppressionKeys(fixture.Options());
        Assert.True(await AddAsync(keys, 7, Jane, SuppressionReason.Unsubscribe, 1000));
        Assert.False(await AddAsync(keys, 7, Jane, SuppressionReason.Unsubscribe, 2000));
        Assert.True(await AddAsync(keys, 7, Jane, SuppressionReason.Complaint, 2000));
        Assert.True(await AddAsync(keys, 7, John, SuppressionReason.HardBounce, 3000));
        Assert.True(await AddAsync(keys, 8, Jane, SuppressionReason.Manual, -4000));
        Assert.False(await AddAsync(keys, 8, Jane, SuppressionReason.Manual, 5000));

        Assert.Equal("unsubscribe|1000|5;complaint|2000|5", (string)(await fixture.Database.HashGetAsync(keys.Of(7), Jane.ToString()))!);
        Assert.Equal("hard_bounce|3000|5", (string)(await fixture.Database.HashGetAsync(keys.Of(7), John.ToString()))!);
        Assert.Equal(["7", "8"], (await fixture.Database.SetMembersAsync(keys.Accounts)).Select(a => (string)a!).Order());
        Assert.Equal(
            [$"1 7 {Jane} unsubscribe|1000|5", $"2 7 {Jane} unsubscribe|1000|5;complaint|2000|5", $"3 7 {John} hard_bounce|3000|5", $"4 8 {Jane} manual|-4000|5"],
            await LogAsync(keys));
        Assert.Equal(
            [new SuppressedFor(SuppressionReason.Unsubscribe, 5, 1000), new SuppressedFor(SuppressionReason.Complaint, 5, 2000)],
            await SuppressionScript.FindAsync(fixture.Database, keys, 7, Jane, Deadline));
    }

    [Fact]
    public async Task Who_is_suppressed_for_very_many_lists_is_suppressed_for_all_mail_by_the_next_one()
    {
        var keys = new SuppressionKeys(fixture.Options());
        var many = Enumerable.Range(1, 200).Select(list => new SuppressedRecipient(Jane, new(SuppressionReason.Unsubscribe, (uint)list, 1))).ToList();
        var change = await SuppressionScript.AddAsync(fixture.Database, keys, 7, many, Deadline);
        var found = await SuppressionScript.FindAsync(fixture.Database, keys, 7, Jane, Deadline);

        Assert.Equal(SuppressionScript.MostOfOne + 1, change.Changed);
        Assert.Equal(SuppressionScript.MostOfOne + 1, found.Count);
        Assert.Equal(0U, found[^1].List);
        Assert.True((await SuppressionScript.AddAsync(fixture.Database, keys, 7, [new(Jane, new(SuppressionReason.Complaint, 9, 1))], Deadline)).Changed == 1);
        Assert.Equal(new SuppressedFor(SuppressionReason.Complaint, 0, 1), (await SuppressionScript.FindAsync(fixture.Database, keys, 7, Jane, Deadline))[^1]);
    }

    [Fact]
    public async Task Removing_is_by_reason_and_list_idempotent_and_logged_and_what_was_removed_can_come_back()
    {
        var keys = new SuppressionKeys(fixture.Options());
        Assert.Equal(0, await RemoveAsync(keys, null, null));
        List<SuppressedRecipient> all =
        [
            new(Jane, new(SuppressionReason.Complaint, 0, 1)), new(Jane, new(SuppressionReason.Unsubscribe, 0, 2)),
            new(Jane, new(SuppressionReason.Unsubscribe, 10, 3)), new(Jane, new(SuppressionReason.Unsubscribe, 1, 4)), new(Jane, new(SuppressionReason.Unsubscribe, 1, 5)),
        ];
        var change = await SuppressionScript.AddAsync(fixture.Database, keys, 7, all, Deadline);
        Assert.Equal((4, 4L), (change.Changed, change.Version));
        Assert.Equal(0, await RemoveAsync(keys, SuppressionReason.Complaint, 1));
        Assert.Equal(1, await RemoveAsync(keys, SuppressionReason.Unsubscribe, 1));
        Assert.Equal(2, await RemoveAsync(keys, null, 0));
        Assert.Equal(1, await RemoveAsync(keys, null, null));
        Assert.Equal(0, await RemoveAsync(keys, null, null));
        Assert.False(await fixture.Database.KeyExistsAsync(keys.Of(7)));
        Assert.True(await AddAsync(keys, 7, Jane, SuppressionReason.Unsubscribe, 2));
        Assert.Equal($"7 7 {Jane} ", (await LogAsync(keys))[6]);
        Assert.Equal($"8 7 {Jane} unsubscribe|2|5", (await LogAsync(keys))[7]);

        async Task<int> RemoveAsync(SuppressionKeys at, SuppressionReason? reason, uint? list) =>
            (await SuppressionScript.RemoveAsync(fixture.Database, at, 7, Jane, reason, list, Deadline)).Changed;
    }

    [Fact]
    public async Task A_removal_leaves_what_is_younger_than_it()
    {
        var keys = new SuppressionKeys(fixture.Options());
        await SuppressionScript.AddAsync(
            fixture.Database, keys, 7, [new(Jane, new(SuppressionReason.Unsubscribe, 0, 1000)), new(Jane, new(SuppressionReason.Unsubscribe, 3, 3000)), new(Jane, new(SuppressionReason.Manual, 0, 1))], Deadline);
        Assert.Equal(0, (await SuppressionScript.RemoveAsync(fixture.Database, keys, 7, Jane, SuppressionReason.Unsubscribe, 0, Deadline, until: 999)).Changed);
        Assert.Equal(1, (await SuppressionScript.RemoveAsync(fixture.Database, keys, 7, Jane, SuppressionReason.Unsubscribe, null, Deadline, until: 2999)).Changed);
        Assert.Equal("unsubscribe|3000|3;manual|1|0", (string)(await fixture.Database.HashGetAsync(keys.Of(7), Jane.ToString()))!);
    }

    [Fact]
    public async Task A_reader_of_the_log_is_told_epoch_version_and_every_change_from_its_place_on()
    {
        var keys = new SuppressionKeys(fixture.Options());
        var stand = await SuppressionLog.StandAsync(fixture.Database, keys, Deadline);
        Assert.Equal((0L, SuppressionLog.Start), (stand.Version, stand.Place));
        var changes = new List<LoggedChange>();
        Assert.Equal(stand, await SuppressionLog.ReadAsync(fixture.Database, keys, stand.Place, 10, changes, Deadline));
        Assert.Empty(changes);

        await AddAsync(keys, 7, Jane, SuppressionReason.Manual, 1);
        var change = await SuppressionScript.RemoveAsync(fixture.Database, keys, 7, Jane, null, null, Deadline);
        var now = await SuppressionLog.ReadAsync(fixture.Database, keys, stand.Place, 10, changes, Deadline);
        Assert.Equal((stand.Epoch, 2L), (now.Epoch, now.Version));
        Assert.Equal((change.Epoch, change.Version), (now.Epoch, now.Version));
        Assert.Equal([(1L, "manual|1|5"), (2L, "")], changes.Select(one => (one.Version, one.Value)));
        Assert.Equal(now, await SuppressionLog.StandAsync(fixture.Database, keys, Deadline));
        await SuppressionLog.ReadAsync(fixture.Database, keys, now.Place, 10, changes, Deadline);
        Assert.Equal(now.Place, Assert.Single(changes).Place);
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
        Assert.All(new[] { keys.Of(7), keys.Accounts, keys.Log, keys.Version, keys.Epoch }, k => Assert.StartsWith("p:{suppressions}:", (string)k!, StringComparison.Ordinal));
        Assert.NotEqual((string)keys.Of(7)!, (string)keys.Of(8)!);
    }

    private Task<bool> AddAsync(SuppressionKeys keys, uint account, RecipientKey recipient, SuppressionReason reason, long timeMs) =>
        SuppressionScript.AddAsync(fixture.Database, keys, account, recipient, reason, 5, timeMs, Deadline);

    private async Task<List<string>> LogAsync(SuppressionKeys keys)
    {
        var entries = (RedisResult[])(await fixture.Database.ExecuteAsync("XRANGE", [keys.Log, "-", "+"]))!;
        return [.. entries.Select(e => (RedisValue[])((RedisResult[])e!)[1]!).Select(f => $"{f[1]} {f[3]} {f[5]} {f[7]}")];
    }
}
