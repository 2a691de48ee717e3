using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>One Redis and one engine for all scenarios that kill neither.</summary>
public sealed class SharedStores : IAsyncLifetime
{
    private RedisProcess? _redis;
    private ClickHouseProcess? _engine;

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _engine = await ClickHouseProcess.StartAsync();
    }

    internal Task<Installation> InstallAsync() => Installation.CreateAsync(_redis!.Address, _engine!.Url);

    /// <summary>An installation that reaches the engine by another address.</summary>
    internal Task<Installation> InstallAsync(Uri engine) => Installation.CreateAsync(_redis!.Address, engine);

    internal FaultyHttpProxy NewFaultyEngine() => new(_engine!.Url);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedStoresCollection : ICollectionFixture<SharedStores>
{
    public const string Name = "shared stores";
}
