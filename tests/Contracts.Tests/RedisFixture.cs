using Delivery.Contracts.Streams;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Contracts.Tests;

/// <summary>One Redis for the tests of a class; each takes a prefix of its own.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private int _prefixes;

    public RedisProcess Redis { get; private set; } = null!;

    public ConnectionMultiplexer Connection { get; private set; } = null!;

    public IDatabase Database => Connection.GetDatabase();

    public RedisOptions Options() => new() { Prefix = $"t{Interlocked.Increment(ref _prefixes)}:" };

    public async Task InitializeAsync()
    {
        Redis = await RedisProcess.StartAsync("--appendfsync", "always");
        Connection = await Redis.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        Connection.Dispose();
        await Redis.DisposeAsync();
    }
}
