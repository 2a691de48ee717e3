using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Cli.Bench;

/// <summary>Counts the events that Redis took, whether they were read since or not.</summary>
internal sealed class EventMarks : IDisposable
{
    private static readonly StreamNames Names = new(new RedisOptions(), 0);
    private readonly ConnectionMultiplexer _connection;

    private EventMarks(ConnectionMultiplexer connection) => _connection = connection;

    public static async Task<EventMarks> ConnectAsync(string address) =>
        new(await ConnectionMultiplexer.ConnectAsync(address + ",abortConnect=true,syncTimeout=30000"));

    public IDatabase Database => _connection.GetDatabase();

    /// <summary>The sum of all producers' highest numbers.</summary>
    public async Task<long> TotalAsync()
    {
        var total = 0L;
        foreach (var mark in await Database.HashGetAllAsync(Names.Marks))
            total += (long)mark.Value;
        return total;
    }

    public void Dispose() => _connection.Dispose();
}
