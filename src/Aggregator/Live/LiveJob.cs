using System.Text.Json;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Live;

/// <summary>One job that somebody watches: one look in an interval, however many watch. Thread-safe but for <see cref="Begin"/>.</summary>
internal sealed class LiveJob(uint account, ulong job, JobLines lines, Freshness freshness, TimeSpan interval, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<LiveFrame?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LiveFrame? _last;
    private JobLine? _line;

    /// <summary>Who watches; kept by <see cref="LiveJobs"/> under its lock.</summary>
    public int Watchers { get; set; }

    /// <summary>The first look: null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">It failed.</exception>
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
                var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
                var line = await lines.OfAsync(account, [job], stopping).ConfigureAwait(false) is [var found] ? found : null;
                if (line is not null && line != _line)
                    Show(line, fresh);
                _first.TrySetResult(_last);
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

            await Task.Delay(interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _first.TrySetCanceled(CancellationToken.None);
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
