using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Cli.Bench;

/// <summary>Counts the events that Redis took, whether they were read since or not.</summary>
internal sealed class EventMarks : IDisposable
{
    /// <summary>The one shard of a benchmark.</summary>
    public static readonly StreamNames Names = new(new RedisOptions(), 0);
    private readonly ConnectionMultiplexer _connection;

    private EventMarks(ConnectionMultiplexer connection) => _connection = connection;

    public static async Task<EventMarks> ConnectAsync(string address) =>
        new(await ConnectionMultiplexer.ConnectAsync(address + ",abortConnect=true"));

    public IDatabase Database => _connection.GetDatabase();

    /// <summary>The sum of all producers' highest numbers.</summary>
    public async Task<long> TotalAsync()
    {
        var total = 0L;
        foreach (var mark in await Database.HashGetAllAsync(Names.Marks))
            total += (long)mark.Value;
        return total;
    }

    /// <summary>Does not say goodbye: nothing is on its way, and the library would wait for the answer.</summary>
    public void Dispose() => _connection.Close(allowCommandsToComplete: false);
}
