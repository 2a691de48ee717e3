using Delivery.Contracts.Streams;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Contracts.Tests.Streams;

public sealed class PublishScriptTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly byte[] Records = [1, 0, 13, 10, 255, 0];

    [Fact]
    public async Task An_entry_is_appended_with_its_bytes_and_moves_the_mark()
    {
        var names = new StreamNames(fixture.Options(), 0);
        Assert.Equal(new PublishResult(PublishStatus.Appended, 3), await PublishAsync(names, 5, 1, 3));
        Assert.Equal(new PublishResult(PublishStatus.Appended, 4), await PublishAsync(names, 5, 4, 1));
        var entries = await EntriesAsync(names);
        Assert.Equal([("5", 1UL, 3), ("5", 4UL, 1)], entries.Select(e => (e.Producer, e.First, e.Count)));
        Assert.All(entries, e => Assert.Equal(Records, e.Records));
        Assert.Equal("4", (string)(await fixture.Database.HashGetAsync(names.Marks, "5"))!);
    }

    [Fact]
    public async Task The_same_entry_again_changes_nothing()
    {
        var names = new StreamNames(fixture.Options(), 0);
        await PublishAsync(names, 5, 1, 3);
        await PublishAsync(names, 5, 4, 2);
        Assert.Equal(new PublishResult(PublishStatus.Duplicate, 5), await PublishAsync(names, 5, 4, 2));
        Assert.Equal(new PublishResult(PublishStatus.Duplicate, 5), await PublishAsync(names, 5, 1, 3));
        Assert.Equal(new PublishResult(PublishStatus.Duplicate, 5), await PublishAsync(names, 5, 4, 2, leap: true));
        Assert.Equal(2, (await EntriesAsync(names)).Count);
    }

    [Fact]
    public async Task Out_of_turn_writes_nothing_and_says_where_to_go_on()
    {
        var names = new StreamNames(fixture.Options(), 0);
        Assert.Equal(new PublishResult(PublishStatus.OutOfTurn, 0), await PublishAsync(names, 5, 2, 1));
        await PublishAsync(names, 5, 1, 3);
        Assert.Equal(new PublishResult(PublishStatus.OutOfTurn, 3), await PublishAsync(names, 5, 5, 1));
        Assert.Equal(new PublishResult(PublishStatus.OutOfTurn, 3), await PublishAsync(names, 5, 3, 2));
        Assert.Single(await EntriesAsync(names));
    }

    [Fact]
    public async Task A_leap_goes_over_lost_numbers_and_never_back()
    {
        var names = new StreamNames(fixture.Options(), 0);
        await PublishAsync(names, 5, 1, 3);
        Assert.Equal(new PublishResult(PublishStatus.Appended, 11), await PublishAsync(names, 5, 10, 2, leap: true));
        Assert.Equal(new PublishResult(PublishStatus.OutOfTurn, 11), await PublishAsync(names, 5, 11, 2, leap: true));
        Assert.Equal(new PublishResult(PublishStatus.Duplicate, 11), await PublishAsync(names, 5, 4, 6, leap: true));
        Assert.Equal(new PublishResult(PublishStatus.Appended, 12), await PublishAsync(names, 5, 12, 1, leap: true));
    }

    [Theory]
    [InlineData(1UL << 31)]
    [InlineData((1UL << 31) - 2)]
    [InlineData(1UL << 32)]
    [InlineData((1UL << 32) - 1)]
    [InlineData(1_000_000_000_000_000UL)]
    [InlineData((1UL << 53) - 6)]
    public async Task Large_numbers_are_exact(ulong first)
    {
        var names = new StreamNames(fixture.Options(), 0);
        Assert.Equal(new PublishResult(PublishStatus.Appended, first + 2), await PublishAsync(names, long.MaxValue, first, 3, leap: true));
        Assert.Equal(new PublishResult(PublishStatus.Duplicate, first + 2), await PublishAsync(names, long.MaxValue, first, 3));
        Assert.Equal(new PublishResult(PublishStatus.OutOfTurn, first + 2), await PublishAsync(names, long.MaxValue, first + 4, 1));
        Assert.Equal(new PublishResult(PublishStatus.Appended, first + 3), await PublishAsync(names, long.MaxValue, first + 3, 1));
        Assert.Equal(new PublishResult(PublishStatus.Appended, first + 4), await PublishAsync(names, long.MaxValue, first + 4, 1));
        var entries = await EntriesAsync(names);
        Assert.Equal([first, first + 3, first + 4], entries.Select(e => e.First));
        Assert.All(entries, e => Assert.Equal(long.MaxValue.ToString(), e.Producer));
    }

    [Fact]
    public async Task Producers_do_not_disturb_one_another_and_repeats_are_harmless_at_any_time()
    {
        var names = new StreamNames(fixture.Options(), 0);
        const int Producers = 16;
        await Parallel.ForEachAsync(Enumerable.Range(1, Producers), async (producer, _) =>
        {
            var random = new Random(producer);
            var next = 1UL;
            for (var i = 0; i < 50; i++)
            {
                var count = random.Next(1, 5);
                var repeats = Enumerable.Range(0, random.Next(1, 4)).Select(_ => PublishAsync(names, (ulong)producer, next, count));
                var results = await Task.WhenAll(repeats);
                Assert.Single(results, r => r.Status == PublishStatus.Appended);
                Assert.All(results, r => Assert.Equal(next + (ulong)count - 1, r.Mark));
                next += (ulong)count;
            }
        });
        var entries = await EntriesAsync(names);
        Assert.Equal(Producers * 50, entries.Count);
        foreach (var producer in entries.GroupBy(e => e.Producer))
        {
            var next = 1UL;
            foreach (var entry in producer)
            {
                Assert.Equal(next, entry.First);
                next += (ulong)entry.Count;
            }
        }
    }

    [Fact]
    public async Task The_mark_is_there_after_redis_was_killed()
    {
        await using var redis = await RedisProcess.StartAsync("--appendfsync", "always");
        using var connection = await redis.ConnectAsync();
        var names = new StreamNames(new RedisOptions(), 0);
        var database = connection.GetDatabase();
        await PublishScript.PublishAsync(database, names, 5, 1, 7, Records, Deadline);
        await redis.RestartAsync();
        PublishResult? again = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                again = await PublishScript.PublishAsync(database, names, 5, 1, 7, Records, Deadline);
                return true;
            },
            "Redis takes the entry again");
        Assert.Equal(new PublishResult(PublishStatus.Duplicate, 7), again);
        Assert.Equal(new PublishResult(PublishStatus.Appended, 8), await PublishScript.PublishAsync(database, names, 5, 8, 1, Records, Deadline));
    }

    [Fact]
    public async Task An_entry_without_records_and_number_zero_are_refused_before_redis()
    {
        var names = new StreamNames(fixture.Options(), 0);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => PublishAsync(names, 5, 1, 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => PublishAsync(names, 5, 0, 1));
    }

    private Task<PublishResult> PublishAsync(StreamNames names, ulong producer, ulong first, int count, bool leap = false) =>
        PublishScript.PublishAsync(fixture.Database, names, producer, first, count, Records, Deadline, leap);

    private async Task<List<(string Producer, ulong First, int Count, byte[] Records)>> EntriesAsync(StreamNames names)
    {
        var entries = (RedisResult[])(await fixture.Database.ExecuteAsync("XRANGE", [names.Entries, "-", "+"]))!;
        return
        [
            .. entries.Select(e => (RedisValue[])((RedisResult[])e!)[1]!)
                .Select(f => ((string)f[1]!, ulong.Parse((string)f[3]!), (int)f[5], (byte[])f[7]!)),
        ];
    }
}
