using Delivery.Mta.Jobs.Uploads;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Control;

/// <summary>Pauses, resumes and cancels jobs: decided on disk first, then where they run. One at a time, so that both have the same order. Thread-safe.</summary>
internal sealed class JobControl(SpoolWriter writer, SpoolReader reader, JobTable jobs, SendLanes lanes, OpenUploads uploads, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Returns when it is decided on disk and nothing new of a held job is handed to a connection. Changes nothing of a job that is finished or cancelled.</summary>
    /// <param name="hold"><see cref="JobHold.None"/> resumes.</param>
    /// <exception cref="SpoolFullException">Nothing was changed.</exception>
    public async Task HoldAsync(ulong id, JobHold hold)
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            await writer.CommitAsync(new HoldJob(id, hold, time.GetUtcNow().ToUnixTimeMilliseconds())).ConfigureAwait(false);
            if (hold == JobHold.Cancelled)
                uploads.Forget(id);
            if (Find(id) is { } live)
                Apply(live, hold);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private void Apply(LiveJob live, JobHold hold)
    {
        live.Hold = hold;
        if (hold == JobHold.Paused)
            lanes.Recall(live);
        jobs.Poke(live);
    }

    /// <summary>Null where the job is open or finished. One that is on disk and not in line is put there: it was open, or was taken this moment.</summary>
    private LiveJob? Find(ulong id)
    {
        if (jobs.Find(id) is { } live)
            return live;
        if (reader.Unfinished(id) is { } spooled)
            jobs.TryAdd(spooled);
        return jobs.Find(id);
    }
}
