using Delivery.Contracts.Streams;
using Delivery.Mta.Jobs.Uploads;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>
/// Fills an open job with the recipients of an audience, a chunk a commit: the next chunk is read while the one before goes to disk. Memory holds two chunks.
/// For one job; not thread-safe.
/// </summary>
internal sealed class FollowUpTake(
    FollowUp followUp, FollowUpSource source, SpoolWriter writer, SpoolRoom room, SuppressionMirror suppressions, RedisOptions redis, TimeProvider time)
{
    private readonly SpooledJob _job = followUp.Spooled;
    private readonly EventPacker _events = new(followUp.Spooled.Id, redis.Shards);
    private UploadMark _mark;
    private AppendRecipients? _committing;
    private Task _commit = Task.CompletedTask;

    /// <summary>Recipients that the job has.</summary>
    public long Accepted => _mark.Accepted;

    /// <summary>Those of them who are suppressed as of now.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Null where all are in the job, on disk, else why not.</summary>
    /// <exception cref="SpoolFullException">The disk is full.</exception>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The spool cannot be written.</exception>
    public async Task<IntakeResult?> RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var chunk = source.Next(_job.Account, _job.Id, (uint)_mark.Accepted);
                if (await CommittedAsync().ConfigureAwait(false) is { } cap)
                    return IntakeResult.Capped(cap);
                if (chunk.Lines == 0)
                    return null;
                if (stopping.IsCancellationRequested)
                    return IntakeResult.Failed(FollowUpProblems.Stopping());
                if (room.IsFull())
                    return IntakeResult.Failed(FollowUpProblems.Full());
                if (room.DiskIsFull())
                    throw new SpoolFullException(new IOException("The disk has less than Mta:MinFreeBytes left."));
                Commit(chunk);
            }
        }
        catch (JobNotOpenException)
        {
            return IntakeResult.Failed(FollowUpProblems.Cancelled());
        }
        finally
        {
            await _commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Commit(UploadChunk chunk)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < chunk.Recipients.Count; i++)
        {
            var recipient = chunk.Recipients[i];
            if (suppressions.Contains(recipient.Account, recipient.Key, followUp.Job.Options.List))
                Suppressed++;
            _events.AddAccepted(recipient, now);
        }

        var caps = new AccountCaps(_job.Account, now, followUp.Owner?.MaxRecipientsPerDay, null);
        _committing = new AppendRecipients(_job.Id, _mark, _mark.Lines + chunk.Lines, 0, chunk.Recipients, [], _events.Take(), caps);
        _mark = _committing.After;
        _commit = writer.CommitAsync(_committing);
    }

    private async Task<CapReached?> CommittedAsync()
    {
        await _commit.ConfigureAwait(false);
        return _committing?.Cap;
    }
}
