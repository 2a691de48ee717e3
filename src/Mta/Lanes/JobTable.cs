using System.Collections.Concurrent;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Lanes;

/// <summary>All started jobs with recipients that have no outcome, and the line of each class in which they wait for their turns. Thread-safe.</summary>
internal sealed class JobTable
{
    private readonly ConcurrentDictionary<ulong, LiveJob> _jobs = new();
    private readonly Dictionary<uint, Pace> _accounts = [];
    private readonly TimeProvider _time;

    public JobTable(IOptions<MtaOptions> options, TimeProvider time)
    {
        _time = time;
        foreach (var rate in options.Value.AccountRates)
            _accounts[rate.Account] = new Pace(rate.PerSecond, time);
    }

    public JobQueue Bulk { get; } = new();

    public JobQueue Urgent { get; } = new();

    public int Count => _jobs.Count;

    public JobQueue Of(bool urgent) => urgent ? Urgent : Bulk;

    /// <summary>Puts a job in line, unless it is there already. Not to be called for one that is finished.</summary>
    public bool TryAdd(UnfinishedJob spooled)
    {
        var own = spooled.MaxRate is { } rate ? new Pace(rate, _time) : null;
        var job = new LiveJob(spooled, own, _accounts.GetValueOrDefault(spooled.Account));
        if (!_jobs.TryAdd(job.Id, job))
            return false;
        Poke(job);
        return true;
    }

    public LiveJob? Find(ulong id) => _jobs.GetValueOrDefault(id);

    /// <summary>Something about the job has changed.</summary>
    public void Poke(LiveJob job) => Of(job.Transactional).Poke(job);

    /// <summary>The outcome of a claimed recipient is on disk, or that it waits for another attempt.</summary>
    public void Landed(AttemptOutcome outcome)
    {
        var recipient = outcome.Recipient;
        if (recipient.Live is not { } job)
            return;
        recipient.Chunk?.SettleOne();
        job.Landed();
        if (outcome.DueMs is not { } due)
        {
            Finish(job, 1);
            return;
        }

        job.DueAt(due);
        Poke(job);
    }

    /// <summary>So many recipients of the job have their outcome on disk. With the last one the job is gone from here.</summary>
    public void Finish(LiveJob job, int recipients)
    {
        if (job.Finish(recipients))
            _jobs.TryRemove(job.Id, out _);
    }
}
