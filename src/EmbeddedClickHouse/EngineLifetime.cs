using Delivery.EmbeddedClickHouse.Engine;
using Delivery.EmbeddedClickHouse.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Delivery.EmbeddedClickHouse;

/// <summary>Says where the engine listens, and at a stop cuts off the SELECTs that run so that the rest can end in time.</summary>
internal sealed class EngineLifetime(EngineHost engine, IServer server, IHostApplicationLifetime lifetime, ILogger<EngineLifetime> log)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => log.Serving(engine.Version, engine.Path, Address()));
        lifetime.ApplicationStopping.Register(() =>
        {
            if (engine.Broken.IsCancellationRequested) return;
            engine.Kill(StatementMark.Read);
            engine.Kill(StatementMark.Account);
        });
        engine.Broken.Register(lifetime.StopApplication);
        return Task.CompletedTask;
    }

    private string Address() => string.Join(", ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
