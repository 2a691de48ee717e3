using Delivery.Contracts.Streams;

namespace Delivery.Contracts.Tests.Streams;

public sealed class StreamNamesTests
{
    [Fact]
    public void Every_job_has_a_shard_within_range_and_the_shards_get_about_the_same()
    {
        var random = new Random(20);
        foreach (var shards in new[] { 1, 2, 3, 7, 16, 256 })
        {
            var serial = new int[shards];
            var scattered = new int[shards];
            const int Jobs = 100_000;
            for (var i = 0; i < Jobs; i++)
            {
                serial[StreamNames.ShardOf((ulong)i + 1, shards)]++;
                scattered[StreamNames.ShardOf((ulong)random.NextInt64(long.MinValue, long.MaxValue), shards)]++;
            }

            Assert.All(serial.Concat(scattered), n => Assert.InRange(n, Jobs / shards * 0.7, (Jobs / shards * 1.3) + 1));
        }

        Assert.Equal(0, StreamNames.ShardOf(ulong.MaxValue, 1));
        Assert.InRange(StreamNames.ShardOf(ulong.MaxValue, 256), 0, 255);
        Assert.InRange(StreamNames.ShardOf(0, 256), 0, 255);
    }

    [Theory]
    [InlineData(1UL, 4, 2)]
    [InlineData(2UL, 4, 0)]
    [InlineData(1_234_567_890_123UL, 16, 4)]
    [InlineData(ulong.MaxValue, 16, 6)]
    public void A_job_s_shard_never_changes(ulong job, int shards, int shard) => Assert.Equal(shard, StreamNames.ShardOf(job, shards));

    [Fact]
    public void The_keys_of_a_shard_share_one_hash_tag_and_no_two_shards_a_key()
    {
        var options = new RedisOptions { Prefix = "p:", Shards = 3 };
        var names = Enumerable.Range(0, 3).Select(i => new StreamNames(options, i)).ToList();
        Assert.Equal("p:{events:1}:entries", (string)names[1].Entries!);
        Assert.All(names, n => Assert.All(new[] { n.Entries, n.Marks, n.Dead, n.Key("x") }, k => Assert.StartsWith($"p:{{events:{n.Shard}}}:", (string)k!, StringComparison.Ordinal)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamNames(options, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamNames(options, -1));
    }
}
