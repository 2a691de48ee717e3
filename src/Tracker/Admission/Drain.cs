using Delivery.Tracker.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Admission;

/// <summary>
/// The first step of a stop: the listener still takes everybody, <c>/readyz</c> says 503 and every answer asks its client to leave
/// (<c>Connection: close</c>), until no connection is left or <see cref="TrackerOptions.DrainMs"/> are over. What a client sends on a connection
/// that it believes to be open is so answered, not reset. Kestrel then waits for what is in flight, and the journal is flushed last.
/// </summary>
internal sealed class Drain(IOptions<TrackerOptions> options, TimeProvider time, ILogger<Drain> log) : IHostedLifecycleService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private readonly TimeSpan _longest = TimeSpan.FromMilliseconds(options.Value.DrainMs);
    private volatile bool _isOn;
    private int _connections;

    public bool IsOn => _isOn;

    /// <summary>Counts a connection for as long as it is open.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _connections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    };

    /// <summary>Asks clients to leave while it is on.</summary>
    public RequestDelegate Announce(RequestDelegate next) => context =>
    {
        if (_isOn && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return next(context);
    };

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isOn = true;
        var begin = time.GetTimestamp();
        while (Volatile.Read(ref _connections) > 0 && time.GetElapsedTime(begin) < _longest && !cancellationToken.IsCancellationRequested)
            await Task.Delay(Poll, time, CancellationToken.None);
        if (Volatile.Read(ref _connections) is > 0 and var left)
            TrackerLog.DrainEnds(log, left);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
