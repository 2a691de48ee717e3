using System.ComponentModel;
using System.Diagnostics;

namespace Delivery.Cli.Processes;

/// <summary>One child: started, waited for, started again with back-off when it dies, stopped once. Start and stop it from one caller.</summary>
internal sealed class SupervisedChild(ChildSpec spec, ChildLog log, ProcessStarter starter, Notices notices, TimeProvider time) : IAsyncDisposable
{
    private const int SignalBase = 128;
    private const int KillSignal = 9;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);
    private readonly CancellationTokenSource _stopping = new();
    private volatile Process? _process;
    private long _startedAt;
    private Task _supervision = Task.CompletedTask;

    public string Name => spec.Name;

    /// <summary>The running process, or 0 while there is none.</summary>
    public int ProcessId => _process is { HasExited: false } process ? process.Id : 0;

    /// <summary>Returns once the child is ready; from then on it is kept alive until <see cref="StopAsync"/>.</summary>
    /// <exception cref="LaunchException">It ended, or was not ready within <paramref name="deadline"/>; the message holds its last line.</exception>
    public async Task StartAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        try
        {
            await LaunchAsync();
        }
        catch (Win32Exception e)
        {
            throw new LaunchException($"{Name} does not start: {e.Message}", ExitCodes.Failure);
        }

        while (!await ReadyAsync(cancellation))
        {
            if (_process!.HasExited)
                throw new LaunchException($"{Name} {End(_process.ExitCode)} while starting: {LastLine()} (log: {log.Path})", CodeOf(_process));
            if (time.GetElapsedTime(_startedAt) > deadline)
                throw new LaunchException($"{Name} is not ready after {deadline.TotalSeconds:0} s: {LastLine()} (log: {log.Path})", ExitCodes.Failure);
            await Task.Delay(Poll, time, cancellation);
        }

        _supervision = SuperviseAsync();
    }

    /// <summary>SIGTERM, the spec's grace, SIGKILL. The child has ended on return. Safe to call twice.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (_process is { } process)
        {
            Signals.Terminate(process);
            using var grace = new CancellationTokenSource(spec.Grace, time);
            try
            {
                await process.WaitForExitAsync(grace.Token);
            }
            catch (OperationCanceledException)
            {
                notices.Write($"{Name} did not stop within {spec.Grace.TotalSeconds:0} s and is killed");
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await _supervision;
    }

    /// <summary>Ends the child at once, also while <see cref="StopAsync"/> waits for it. Does nothing when it has ended.</summary>
    public void Kill()
    {
        try
        {
            _stopping.Cancel();
            _process?.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended, or was disposed of, in this moment.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _stopping.Dispose();
    }

    private static int CodeOf(Process process) => process.ExitCode == ExitCodes.Usage ? ExitCodes.Usage : ExitCodes.Failure;

    /// <summary>How it ended, in words. A shell and .NET both add 128 to a signal's number.</summary>
    private static string End(int exitCode) =>
        exitCode > SignalBase ? $"was killed by signal {exitCode - SignalBase}" : $"ended with code {exitCode}";

    private async Task SuperviseAsync()
    {
        var backOff = new BackOff();
        while (true)
        {
            var process = _process!;
            await process.WaitForExitAsync(CancellationToken.None);
            if (_stopping.IsCancellationRequested)
                return;
            await RestartAsync(backOff, process.ExitCode);
            if (ReferenceEquals(process, _process))
                return;
            process.Dispose();
        }
    }

    /// <summary>Leaves the dead process in place only when the launcher stops meanwhile.</summary>
    private async Task RestartAsync(BackOff backOff, int exitCode)
    {
        while (true)
        {
            var delay = backOff.Next(time.GetElapsedTime(_startedAt));
            // What SIGKILL ended could not say why; its last complaint is about something else.
            var complaint = exitCode != SignalBase + KillSignal && log.LastComplaint() is { Length: > 0 } line ? ": " + line : "";
            notices.Write($"{Name} {End(exitCode)}; starts again in {delay.TotalSeconds:0} s{complaint} (log: {log.Path})");
            try
            {
                await Task.Delay(delay, time, _stopping.Token);
                await LaunchAsync();
                if (_stopping.IsCancellationRequested)
                    Signals.Terminate(_process!);
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Win32Exception e)
            {
                notices.Write($"{Name} does not start: {e.Message}");
            }
        }
    }

    private async Task LaunchAsync()
    {
        _startedAt = time.GetTimestamp();
        log.BeginRun();
        _process = await starter.StartAsync(spec, log.Path);
    }

    private async Task<bool> ReadyAsync(CancellationToken cancellation)
    {
        try
        {
            return await spec.Ready(cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or System.Net.Sockets.SocketException
                                  || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    private string LastLine() => log.LastLine() is { Length: > 0 } line ? line : "it printed nothing";
}
