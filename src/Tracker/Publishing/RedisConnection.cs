using System.Diagnostics.CodeAnalysis;
using Delivery.Contracts.Streams;
using Delivery.Tracker.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// The one connection to Redis. Connects in the background, so that people are redirected from the first moment, and goes on trying for
/// as long as the program runs. Thread-safe.
/// </summary>
internal sealed class RedisConnection : IHostedService, IDisposable
{
    private static readonly TimeSpan PingDeadline = TimeSpan.FromSeconds(1);
    private const int ReconnectMs = 500;
    private readonly ConfigurationOptions _configuration;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisConnection> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConnectionMultiplexer? _multiplexer;

    public RedisConnection(IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisConnection> log)
    {
        _time = time;
        _log = log;
        _configuration = options.Value.ToConfiguration("delivery-tracker");
    }

    /// <summary>Raised after a lost connection is there again, on any thread.</summary>
    public event Action? Restored;

    /// <summary>Completes once the first connection has been tried; it may be down even then.</summary>
    public Task Connected => _connected.Task;

    /// <summary>False while the first connection is not yet tried.</summary>
    public bool TryGet([NotNullWhen(true)] out IDatabase? redis)
    {
        redis = _multiplexer?.GetDatabase();
        return redis is not null;
    }

    /// <summary>False while the connection is known to be down.</summary>
    public bool IsConnected => _multiplexer?.IsConnected == true;

    public async Task<bool> AnswersAsync()
    {
        if (!TryGet(out var redis))
            return false;
        try
        {
            await redis.PingAsync().WaitAsync(PingDeadline);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            return false;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = ConnectAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public void Dispose()
    {
        _stop.Dispose();
        _multiplexer?.Dispose();
    }

    private async Task ConnectAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var multiplexer = await ConnectionMultiplexer.ConnectAsync(_configuration);
                multiplexer.PreserveAsyncOrder = false;
                multiplexer.ConnectionRestored += (_, _) => Restored?.Invoke();
                _multiplexer = multiplexer;
                _connected.TrySetResult();
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                TrackerLog.NoConnection(_log, e.GetType().Name);
                await Task.Delay(TimeSpan.FromMilliseconds(ReconnectMs * 4), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
