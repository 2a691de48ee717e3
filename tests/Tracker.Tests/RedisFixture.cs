using Delivery.Testing;

namespace Delivery.Tracker.Tests;

/// <summary>One Redis for the tests of a class; each test has a prefix of its own in it.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    public RedisProcess Redis { get; private set; } = null!;

    public async Task InitializeAsync() => Redis = await RedisProcess.StartAsync();

    public async Task DisposeAsync() => await Redis.DisposeAsync();
}
