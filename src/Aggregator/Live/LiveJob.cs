using System.Text.Json;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Reports.Jobs;
using Delivery.Aggregator.Telemetry;

namespace Delivery.Aggregator.Live;

/// <summary>One job that somebody watches: one look in an interval at most, however many watch. Thread-safe but for <see cref="Begin"/>.</summary>
internal sealed class LiveJob(
    uint account, ulong job, JobLines lines, Freshness freshness, LiveMarks marks, TimeSpan interval, TimeProvider time, ILogger<LiveJob> log) : IDisposable
{
    private readonly LivePace _pace = new(interval);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<LiveFrame?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LiveFrame? _last;
    private JobLine? _line;
    private long _looked;
    private long _looks;

    /// <summary>Who watches; kept by <see cref="LiveJobs"/> under its lock.</summary>
    public int Watchers { get; set; }

    /// <summary>How often ClickHouse was asked.</summary>
    public long Looks => Interlocked.Read(ref _looks);

    /// <summary>The first look: null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">It failed, as it may in other ways.</exception>
    public Task<LiveFrame?> First => _first.Task;

    /// <summary>The newest frame. Not before <see cref="First"/>.</summary>
    public LiveFrame Last => _last!;

    public void Begin() => _ = LookAsync();

    /// <summary>Ends when there is a frame after <paramref name="number"/>.</summary>
    public Task ChangedAfter(long number)
    {
        var changed = _changed;
        return Last.Number > number ? Task.CompletedTask : changed.Task;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        var stopping = _stop.Token;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var mark = await marks.OfAsync(job).ConfigureAwait(false);
                if (_pace.IsDue(time.GetElapsedTime(_looked), mark))
                    await LookOnceAsync(mark, stopping).ConfigureAwait(false);
            }
            catch (ClickHouseException e)
            {
                // Watchers keep what they were told, and hear of it once it goes well again.
                _first.TrySetException(e);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception e)
            {
                Log.LiveFaulted(log, e, job);
                _first.TrySetException(e);
            }

            await Task.Delay(interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _first.TrySetCanceled(CancellationToken.None);
    }

    private async Task LookOnceAsync(string? mark, CancellationToken stopping)
    {
        Interlocked.Increment(ref _looks);
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var line = await lines.OfAsync(account, [job], stopping).ConfigureAwait(false) is [var found] ? found : null;
        var changed = line is not null && line != _line;
        if (changed)
            Show(line!, fresh);
        _looked = time.GetTimestamp();
        _pace.Looked(mark, changed);
        _first.TrySetResult(_last);
    }

    private void Show(JobLine line, DateTimeOffset? fresh)
    {
        _line = line;
        _last = new LiveFrame((_last?.Number ?? 0) + 1, JsonSerializer.SerializeToUtf8Bytes(new LiveCounters(line, fresh), LiveJson.Default.LiveCounters));
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
