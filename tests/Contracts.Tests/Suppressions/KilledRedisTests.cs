using System.Collections.Concurrent;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Contracts.Tests.Suppressions;

/// <summary>
/// kill -9 of Redis loses nothing that was answered for, with either setting: what it has written is the kernel's. The two differ in what a machine
/// loses that goes down, which no test here can show.
/// </summary>
public sealed class KilledRedisTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    public async Task A_suppression_that_was_answered_for_outlives_a_kill_of_Redis(string fsync)
    {
        await using var server = await RedisProcess.StartAsync("--appendfsync", fsync);
        var keys = new SuppressionKeys(new RedisOptions());
        var answered = new ConcurrentDictionary<RecipientKey, bool>();
        for (var round = 0; round < 3; round++)
        {
            var connection = await server.ConnectAsync();
            var before = answered.Count;
            var adding = Enumerable.Range(0, 4).Select(worker => Task.Run(() => AddAsync(connection.GetDatabase(), round, worker))).ToArray();
            await Eventually.HoldsAsync(() => answered.Count >= before + 500, "some hundred are answered for");
            await server.KillAsync();
            await Task.WhenAll(adding);
            await connection.CloseAsync(allowCommandsToComplete: false);
            await server.LaunchAsync();
        }

        var after = await server.ConnectAsync();
        var stand = await SuppressionLog.StandAsync(after.GetDatabase(), keys, Deadline);
        var found = (await after.GetDatabase().HashKeysAsync(keys.Of(7))).Select(key => (string)key!).ToHashSet();
        await after.CloseAsync(allowCommandsToComplete: false);
        Assert.DoesNotContain(answered.Keys, key => !found.Contains(key.ToString()));
        Assert.Equal(found.Count, stand.Version);

        async Task AddAsync(IDatabase redis, int round, int worker)
        {
            try
            {
                for (var i = 0ul; ; i++)
                {
                    var key = new RecipientKey((ulong)((round * 10) + worker), i);
                    await SuppressionScript.AddAsync(redis, keys, 7, key, SuppressionReason.Manual, 0, 1, Deadline);
                    answered[key] = true;
                }
            }
            catch (Exception e) when (e is RedisException or TimeoutException or TaskCanceledException)
            {
                // Killed: what was not answered may be there or not.
            }
        }
    }
}
