using System.Diagnostics;
using System.Threading.Channels;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Keeps up to <see cref="SmtpOptions.Connections"/> connections to the relay, all fed from one bounded channel.
/// Opens them as messages wait while none is idle, and closes those that idle. While the relay is away messages stay in the channel.
/// Counters may be read from any thread.
/// </summary>
internal sealed class SmtpPool(
    SmtpOptions options, ChannelReader<OutgoingMessage> messages, TimeProvider time, ILogger<SmtpPool> log) : IDisposable
{
    /// <summary>A peer that ends an unused connection sooner does not want us; later it only tidies up.</summary>
    private static readonly TimeSpan HarmlessIdle = TimeSpan.FromSeconds(5);

    private readonly PooledMessages _served = new(messages);
    private readonly SmtpBackOff _backOff = new(options, time);
    private readonly RelaySecurity _security = new(options, time);
    private readonly SemaphoreSlim _slots = new(options.Connections);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly string _host = $"{options.RelayHost}:{options.RelayPort}";
    private readonly ChunkingTrust _chunking = new($"{options.RelayHost}:{options.RelayPort}", log);
    private string? _lastSecurity;
    private SmtpLoss _lastLoss;
    private int _open;
    private int _connecting;
    private long _opened;
    private long _connectFailures;
    private long _lost;

    /// <summary>Null where nobody watches.</summary>
    public SmtpInsight? Insight { get; init; }

    /// <summary>Messages that wait for which one more connection is opened.</summary>
    public int OpenFor { get; init; } = 1;

    /// <summary>Connections that are greeted and not yet closed.</summary>
    public int OpenConnections => Volatile.Read(ref _open);

    /// <summary>Of these, those that wait for a message.</summary>
    public int IdleConnections => _served.Idle;

    /// <summary>Connections that were greeted since the start.</summary>
    public long ConnectionsOpened => Volatile.Read(ref _opened);

    /// <summary>Tries to connect that ended before the greeting was done.</summary>
    public long ConnectFailures => Volatile.Read(ref _connectFailures);

    /// <summary>Greeted connections that broke, timed out or were ended by the peer.</summary>
    public long ConnectionsLost => Volatile.Read(ref _lost);

    /// <summary>The last tries failed and the relay has taken no message since.</summary>
    public bool IsRelayAway => _backOff.IsFailing;

    /// <summary>
    /// Runs until the token is cancelled or the channel is completed and empty; returns when every connection has
    /// finished and closed. Messages still in the channel then stay there.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            _served.IdleEnded = Changed;
            while (await messages.WaitToReadAsync(stopping)) await OpenOrWaitAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        for (var i = 0; i < options.Connections; i++) await _slots.WaitAsync(CancellationToken.None);
        _slots.Release(options.Connections);
    }

    // A connection that ends signals once more after it has given its slot back: _changed outlives this.
    public void Dispose() => _slots.Dispose();

    /// <summary>
    /// A message waits. While no connection is idle, opens one more for each <see cref="OpenFor"/> that wait beyond those
    /// being opened; but one at a time while it is not known that the relay is back, or whether it takes our password:
    /// many refused at once would lock the user out.
    /// </summary>
    private async Task OpenOrWaitAsync(CancellationToken stopping)
    {
        if (_backOff.Remaining is var pause && pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, stopping);
            return;
        }

        // A message that waited may have been taken back by its owner.
        if (messages.Count is var waiting && waiting == 0) return;
        var wanted = (waiting + OpenFor - 1) / OpenFor;
        if (_backOff.IsFailing || (options.User is not null && ConnectionsOpened == 0)) wanted = 1;
        if (_served.Idle == 0 && Volatile.Read(ref _connecting) < wanted && _slots.Wait(0, CancellationToken.None))
        {
            Interlocked.Increment(ref _connecting);
            _ = ServeAsync(stopping);
            return;
        }

        await _changed.WaitAsync(stopping);
        while (_changed.Wait(0, CancellationToken.None))
        {
        }
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        var greeted = false;
        var started = time.GetTimestamp();
        var number = Insight?.NextConnection() ?? 0;
        var since = Stopwatch.GetTimestamp();
        try
        {
            using var connection = new SmtpConnection(options, time, _security, _chunking) { Insight = Insight, Number = number };
            try
            {
                await connection.OpenAsync(stopping);
                greeted = true;
                Interlocked.Increment(ref _opened);
                Interlocked.Increment(ref _open);
                TellSecurity(connection.Tls);
                Insight?.Metrics.Connected(since);
                if (Insight is { Trace.IsOn: true }) Insight.Trace.Note(number, $"connected to {_host}");
                // Takes its first message before the pool hears of it, or one more would be opened for that message.
                var running = connection.RunAsync(_served, OnUseful);
                Interlocked.Decrement(ref _connecting);
                Changed();
                await running;
            }
            catch (SmtpConnectionException e)
            {
                if (Insight is { Trace.IsOn: true }) Insight.Trace.Note(number, $"{(greeted ? "lost" : "not connected")}: {e.Message}{(e.Reply.Code == 0 ? "" : $" ({e.Reply.Code} {e.Reply.Enhanced})")}");
                OnLoss(e, greeted, connection.Finished, time.GetElapsedTime(started));
            }
        }
        catch (Exception e)
        {
            SmtpLog.ConnectionFailed(log, _host, e);
            _backOff.Fail(out _);
        }
        finally
        {
            if (greeted) Interlocked.Decrement(ref _open);
            else Interlocked.Decrement(ref _connecting);
            _slots.Release();
            Changed();
        }
    }

    /// <summary>What a connection has is told at the first one and whenever it is another.</summary>
    private void TellSecurity(TlsChannel? tls)
    {
        var security = tls?.ToString() ?? (_security.IsFallenBack ? "in the clear, since a TLS handshake failed" : "in the clear");
        SmtpLog.Connected(log, _host, security);
        if (Interlocked.Exchange(ref _lastSecurity, security) != security) SmtpLog.SecurityChanged(log, _host, security);
    }

    /// <summary>Whether another connection is needed is to be looked at once more. Several that come before it was are one.</summary>
    private void Changed()
    {
        if (_changed.CurrentCount == 0) _changed.Release();
    }

    private void OnUseful()
    {
        if (!_backOff.Succeed()) return;
        SmtpLog.RelayIsBack(log, _host);
        Changed();
    }

    private void OnLoss(SmtpConnectionException e, bool greeted, int finished, TimeSpan age)
    {
        if (e.Loss == SmtpLoss.Stopped) return;
        if (greeted) Interlocked.Increment(ref _lost);
        else Interlocked.Increment(ref _connectFailures);
        SmtpLog.ConnectionLost(log, _host, e.Loss, finished, e.Message, e.Reply);
        if (finished > 0 || e.Loss == SmtpLoss.Unfit || (e.Loss == SmtpLoss.Idle && age > HarmlessIdle)) return;
        var pause = _backOff.Fail(out var first, longest: e is { Loss: SmtpLoss.LoginRefused, Reply.IsTransient: false });
        // Told once, and once more where a new connection fails for another reason.
        if (first || (!greeted && e.Loss != _lastLoss)) SmtpLog.RelayIsAway(log, _host, e.Message, e.Reply, pause);
        _lastLoss = e.Loss;
    }
}
