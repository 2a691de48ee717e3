using Delivery.Tracker.Journaling;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// The one thread that flushes: while Redis does not take events it journals what waits in all shards, flushes once and answers them together,
/// and lets the next ones gather. In between it removes what Redis has had for long enough.
/// </summary>
internal sealed class JournalLoop : IDisposable
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Rest after a flush that was answered by. Under load a flush then serves many, and a third as many flushes meet a third as many of the
    /// stalls that a disk has now and then: every answer waits a little longer, and the slowest much less. One that comes later does not wait.
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);
    private readonly EventJournal _journal;
    private readonly bool _always;
    private readonly TimeSpan _tick;
    private readonly JournalWatch _watch;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEvent _stopping = new(false);
    private readonly Lock _gate = new();
    private readonly List<PackedEntry> _written = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _flushed;
    private ShardPublisher[] _shards = [];

    public JournalLoop(EventJournal journal, JournalWatch watch, TrackerOptions options)
    {
        _journal = journal;
        _watch = watch;
        _always = options.JournalFsync == JournalFsync.Always;
        var tick = options.KeepAcknowledged / 4;
        _tick = tick < ShortestTick ? ShortestTick : tick > LongestTick ? LongestTick : tick;
    }

    public void Start(ShardPublisher[] shards)
    {
        _shards = shards;
        new Thread(Run) { IsBackground = true, Name = "journal" }.Start();
    }

    /// <summary>Something waits for the disk.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Completes when what was journaled before is on disk, where every event is to be; else at once.</summary>
    public Task FlushedAsync()
    {
        if (!_always)
            return Task.CompletedTask;
        Task flushed;
        lock (_gate)
            flushed = (_flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Wake();
        return flushed;
    }

    /// <summary>Journals and flushes what is left. Nothing else uses the journal any more.</summary>
    public Task StopAsync()
    {
        if (_shards.Length == 0)
            return Task.CompletedTask;
        _stopping.Set();
        Wake();
        return _ended.Task;
    }

    public void Dispose()
    {
        _wake.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        while (!_stopping.WaitOne(TimeSpan.Zero))
        {
            _wake.WaitOne(_tick);
            if (Pass(evenLive: false))
                _stopping.WaitOne(Gather);
            _journal.Reclaim(shard => _shards[shard].Verify());
            _watch.Look();
        }

        while (Pass(evenLive: true))
        {
        }

        _journal.Close();
        _ended.SetResult();
    }

    /// <summary>True where it found something to write.</summary>
    private bool Pass(bool evenLive)
    {
        foreach (var shard in _shards)
            shard.JournalWaiting(_written, evenLive);
        TaskCompletionSource? flushed;
        lock (_gate)
            (flushed, _flushed) = (_flushed, null);
        var found = _written.Count > 0;
        if (!found && flushed is null)
            return false;
        if (_journal.Flush(_journal.OldestUnpublished()))
        {
            foreach (var entry in _written)
                entry.Complete(RecordOutcome.Journaled);
            foreach (var shard in _shards)
                shard.Queue.DiskAnswers();
        }

        _written.Clear();
        flushed?.SetResult();
        return found;
    }
}
