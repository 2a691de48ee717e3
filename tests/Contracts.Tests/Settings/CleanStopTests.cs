using Delivery.Contracts.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Delivery.Contracts.Tests.Settings;

public sealed class CleanStopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stop_while_a_program_starts_stops_what_had_begun()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var begun = new Begun();
        builder.Services.AddSingleton<IHostedService>(begun);
        builder.Services.AddHostedService<StoppedWhileStarting>();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");

        await app.RunToStopAsync().WaitAsync(Limit);

        Assert.True(begun.Started);
        Assert.True(begun.Stopped);
    }

    [Fact]
    public async Task A_service_that_cannot_start_is_still_a_fault()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHostedService<GivesUp>();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");

        await Assert.ThrowsAsync<TaskCanceledException>(() => app.RunToStopAsync().WaitAsync(Limit));
    }

    private sealed class Begun : IHostedService
    {
        public bool Started { get; private set; }

        public bool Stopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Started = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stopped = true;
            return Task.CompletedTask;
        }
    }

    /// <summary>As a program that gets SIGTERM in the middle of its start.</summary>
    private sealed class StoppedWhileStarting(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A deadline of its own, and nobody asked for a stop.</summary>
    private sealed class GivesUp : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new TaskCanceledException();

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
