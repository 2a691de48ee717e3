using System.Globalization;
using StackExchange.Redis;

namespace Delivery.Contracts.Streams;

/// <summary>
/// The keys of one event shard. All carry the same hash tag, so that a script may touch them together in a Redis Cluster.
/// </summary>
public sealed class StreamNames
{
    private readonly string _prefix;

    public StreamNames(RedisOptions options, int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, options.Shards);
        Shard = shard;
        _prefix = string.Create(CultureInfo.InvariantCulture, $"{options.Prefix}{{events:{shard}}}:");
        Entries = Key("entries");
        Marks = Key("marks");
        Dead = Key("dead");
        Replay = Key("replay");
    }

    public int Shard { get; }

    /// <summary>The stream. Fields of an entry: see <see cref="PublishScript"/>.</summary>
    public RedisKey Entries { get; }

    /// <summary>Hash: producer → the highest number of it that is in the stream.</summary>
    public RedisKey Marks { get; }

    /// <summary>Stream of what could not be read, with the reason.</summary>
    public RedisKey Dead { get; }

    /// <summary>Stream of dead letters that the shard's owner is to try again.</summary>
    public RedisKey Replay { get; }

    /// <summary>Another key of this shard.</summary>
    public RedisKey Key(string name) => _prefix + name;

    /// <summary>
    /// The shard of a job's events: all of a job are in one stream, so that one consumer at a time writes its roll-ups.
    /// </summary>
    public static int ShardOf(ulong job, int shards) =>
        (int)((UInt128)(job * 0x9E37_79B9_7F4A_7C15UL) * (ulong)shards >> 64);
}
