using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Reports.Jobs;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Live;

/// <summary>The jobs that are watched now, and by how many. Thread-safe.</summary>
internal sealed class LiveJobs(JobLines lines, Freshness freshness, LiveMarks marks, IOptions<AggregatorOptions> options, TimeProvider time, ILogger<LiveJob> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(uint Account, ulong Job), LiveJob> _jobs = [];
    private readonly Dictionary<uint, int> _watchers = [];

    /// <summary>Jobs that are looked at.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _jobs.Count;
        }
    }

    /// <summary>The job, to be given back with <see cref="Leave"/>; null where the account watches as much as it may.</summary>
    public LiveJob? TryJoin(uint account, ulong job)
    {
        lock (_gate)
        {
            var watching = _watchers.GetValueOrDefault(account);
            if (watching >= options.Value.Live.MaxWatchers)
                return null;
            _watchers[account] = watching + 1;
            if (!_jobs.TryGetValue((account, job), out var live))
            {
                _jobs[(account, job)] = live = new LiveJob(account, job, lines, freshness, marks, options.Value.Live.Interval, time, log);
                live.Begin();
            }

            live.Watchers++;
            return live;
        }
    }

    public void Leave(uint account, ulong job, LiveJob live)
    {
        lock (_gate)
        {
            if (--_watchers[account] == 0)
                _watchers.Remove(account);
            if (--live.Watchers > 0)
                return;
            _jobs.Remove((account, job));
            live.Dispose();
        }
    }
}
