using System.Globalization;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>
/// Jobs of a shard whose roll-ups somebody wants looked at or counted again, in Redis: the shard's owner takes them between batches.
/// A request stands until it is done, and may be done twice. Thread-safe.
/// </summary>
internal sealed class RepairRequests(IDatabaseAsync redis, StreamNames names, TimeSpan timeout)
{
    private const string RebuildPrefix = "rebuild:";
    private const int MostAtOnce = 500;
    private readonly RedisKey _key = names.Key("repair");

    /// <param name="always">Count again whatever a comparison says.</param>
    public Task AskAsync(IEnumerable<ulong> jobs, bool always) =>
        redis.SetAddAsync(_key, [.. jobs.Select(job => Member(job, always))]).WaitAsync(timeout);

    /// <summary>How many wait.</summary>
    public Task<long> CountAsync() => redis.SetLengthAsync(_key).WaitAsync(timeout);

    public async Task<IReadOnlyList<(ulong Job, bool Always)>> PeekAsync()
    {
        var members = await redis.SetRandomMembersAsync(_key, MostAtOnce).WaitAsync(timeout).ConfigureAwait(false);
        var requests = new List<(ulong, bool)>(members.Length);
        foreach (var member in members)
        {
            var text = (string)member!;
            var always = text.StartsWith(RebuildPrefix, StringComparison.Ordinal);
            if (ulong.TryParse(always ? text.AsSpan(RebuildPrefix.Length) : text, NumberStyles.None, CultureInfo.InvariantCulture, out var job))
                requests.Add((job, always));
            else
                await redis.SetRemoveAsync(_key, member).WaitAsync(timeout).ConfigureAwait(false);
        }

        return requests;
    }

    public Task DoneAsync(IEnumerable<(ulong Job, bool Always)> requests) =>
        redis.SetRemoveAsync(_key, [.. requests.Select(request => Member(request.Job, request.Always))]).WaitAsync(timeout);

    private static RedisValue Member(ulong job, bool always) => (always ? RebuildPrefix : "") + job.ToString(CultureInfo.InvariantCulture);
}
