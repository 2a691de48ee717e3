using System.Diagnostics;
using System.Threading.Channels;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Spool;

/// <summary>
/// The one writer of the spool. Takes what waits, up to <see cref="MaxWritesPerCommit"/>, into one transaction, so that many writes share one fsync.
/// Thread-safe.
/// </summary>
internal sealed class SpoolWriter : IAsyncDisposable
{
    private const int MaxWritesPerCommit = 256;
    private const int SqliteFull = 13;

    private readonly Channel<SpoolWrite> _writes = Channel.CreateBounded<SpoolWrite>(
        new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly SpoolSession _session;
    private readonly BusyTimes _busy;
    private readonly SpoolMetrics? _metrics;
    private readonly Task _loop;
    private long _openRecipients;
    private Exception? _fault;

    public SpoolWriter(SpoolDatabase database, BusyTimes busy, SpoolMetrics? metrics = null)
    {
        _busy = busy;
        _metrics = metrics;
        _session = new SpoolSession(database.Open(readOnly: false));
        _openRecipients = _session.OpenRecipients;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Called after each commit that put events into the outbox, on the writer's loop: must not block.</summary>
    public event Action? EventsCommitted;

    /// <summary>Commits that reached the disk.</summary>
    public long Commits { get; private set; }

    /// <summary>Recipients without an outcome, over all jobs, those of open jobs among them.</summary>
    public long OpenRecipients => Volatile.Read(ref _openRecipients);

    /// <summary>Why the disk did not take the last commit, or null where it did.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>Returns when the write is on disk, fsynced.</summary>
    /// <exception cref="SpoolFullException">The disk is full; nothing was written.</exception>
    /// <exception cref="SqliteException">Nothing was written.</exception>
    public async Task CommitAsync(SpoolWrite write, CancellationToken cancellation = default)
    {
        await _writes.Writer.WriteAsync(write, cancellation).ConfigureAwait(false);
        await write.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Commits what waits and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _session.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<SpoolWrite>(MaxWritesPerCommit);
        while (await _writes.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxWritesPerCommit && _writes.Reader.TryRead(out var write))
                batch.Add(write);
            var started = Stopwatch.GetTimestamp();
            var fault = Commit(batch);
            _busy.Add(BusyTimes.Part.Spool, started);
            if (fault is null)
                _metrics?.Committed(Stopwatch.GetElapsedTime(started), batch.Count);
            if (fault is not null && batch.Count > 1)
                CommitEach(batch);
            else
                Complete(batch, fault);
            batch.Clear();
        }
    }

    /// <summary>One write that fails must not fail those that shared its commit.</summary>
    private void CommitEach(List<SpoolWrite> batch)
    {
        foreach (var write in batch)
            Complete([write], Commit([write]));
    }

    private Exception? Commit(List<SpoolWrite> batch)
    {
        try
        {
            _session.Begin();
            foreach (var write in batch)
                write.Apply(_session);
            _session.Commit();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            RollBack();
            if (e is SqliteException or IOException)
                Volatile.Write(ref _fault, e);
            if (e is not SqliteException { SqliteErrorCode: SqliteFull })
                return e;
            MakeRoom();
            return new SpoolFullException(e);
        }

        Commits++;
        Volatile.Write(ref _fault, null);
        _metrics?.Taken(_session.Taken.Accepted, _session.Taken.Rejected);
        Volatile.Write(ref _openRecipients, _session.OpenRecipients);
        if (_session.HasEvents)
            EventsCommitted?.Invoke();
        return null;
    }

    /// <summary>A session that cannot even be rolled back is of no more use: the writes after it fail, each with its reason.</summary>
    private void RollBack()
    {
        try
        {
            _session.Rollback();
        }
        catch (SqliteException)
        {
            // The next commit finds out by itself.
        }
    }

    private void MakeRoom()
    {
        try
        {
            _session.ShrinkLog();
        }
        catch (SqliteException)
        {
            // Not even that much room: the next commit tries again.
        }
    }

    private static void Complete(List<SpoolWrite> batch, Exception? fault)
    {
        foreach (var write in batch)
        {
            if (fault is null)
                write.Done.TrySetResult();
            else
                write.Done.TrySetException(fault);
        }
    }
}
