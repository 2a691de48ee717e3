using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>
/// Who uploads to which job: one at a time for each, a few in all. Keeps the addresses of the jobs last uploaded to, so that the next part of a list
/// need not read those before it from the spool. Thread-safe.
/// </summary>
internal sealed class OpenUploads : IDisposable
{
    /// <summary>Uploads at one time: bounds memory.</summary>
    public const int MostAtOnce = 8;

    private const int MostKept = 8;
    private const string Pattern = "seen-*";

    private readonly SpoolDatabase _database;
    private readonly SpoolReader _reader;
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _running = [];
    private readonly List<(ulong Job, SeenKeys Seen)> _kept = [];
    private int _files;

    public OpenUploads(SpoolDatabase database, SpoolReader reader)
    {
        _database = database;
        _reader = reader;
        foreach (var leftByAKill in Directory.EnumerateFiles(database.Folder, Pattern))
            File.Delete(leftByAKill);
    }

    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _running.Count >= MostAtOnce;
        }
    }

    /// <summary>Null where another holds it.</summary>
    public UploadLease? TryLease(ulong job)
    {
        lock (_lock)
            return _running.Add(job) ? new UploadLease(this, job) : null;
    }

    /// <summary>The addresses that a job has. A set that does not hold as many as the job is of a commit that failed.</summary>
    internal SeenKeys SeenOf(ulong job, long accepted)
    {
        var kept = Take(job);
        if (kept?.Count == accepted)
            return kept;
        kept?.Dispose();
        var seen = new SeenKeys(Path.Combine(_database.Folder, $"seen-{Interlocked.Increment(ref _files)}"));
        try
        {
            if (accepted > 0)
                _reader.Keys(job, key => seen.Add(key));
            return seen;
        }
        catch
        {
            seen.Dispose();
            throw;
        }
    }

    internal void Return(UploadLease lease, SeenKeys? seen)
    {
        SeenKeys? oldest = null;
        lock (_lock)
        {
            _running.Remove(lease.Job);
            if (seen is not null)
                _kept.Add((lease.Job, seen));
            if (_kept.Count > MostKept)
            {
                oldest = _kept[0].Seen;
                _kept.RemoveAt(0);
            }
        }

        oldest?.Dispose();
    }

    /// <summary>The job takes no more: nothing of it need be kept.</summary>
    public void Forget(ulong job) => Take(job)?.Dispose();

    public void Dispose()
    {
        foreach (var (_, seen) in _kept)
            seen.Dispose();
        _kept.Clear();
    }

    private SeenKeys? Take(ulong job)
    {
        lock (_lock)
        {
            var at = _kept.FindIndex(one => one.Job == job);
            if (at < 0)
                return null;
            var seen = _kept[at].Seen;
            _kept.RemoveAt(at);
            return seen;
        }
    }
}
