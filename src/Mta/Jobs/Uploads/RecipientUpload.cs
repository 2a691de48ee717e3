using Delivery.Contracts;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>
/// Takes one body of recipients into an open job, a chunk a commit: the next chunk is read and checked while the one before goes to disk.
/// Memory holds two chunks, whatever the length of the body.
/// </summary>
internal sealed class RecipientUpload(
    UploadTarget target, UploadLease lease, LineReader lines, RecipientLines format, SpoolReader reader, SpoolWriter writer, SpoolRoom room,
    SuppressionMirror suppressions, TimeProvider time)
{
    /// <summary>Rejections that an answer names; all of them are in the spool.</summary>
    public const int NamedRejections = 100;

    /// <summary>Rejections of a job that the spool keeps; those behind them are counted only.</summary>
    private const int KeptRejections = 1_000_000;

    private static readonly TimeSpan CommitSlowBodyEvery = TimeSpan.FromSeconds(1);

    private readonly EventPacker _events = new(target.Job, target.Shards);
    private UploadMark _reached = target.Mark;
    private UploadChunk _chunk = new();
    private Task _commit = Task.CompletedTask;
    private AppendRecipients? _committing;
    private long _committedAt = time.GetTimestamp();
    private long _day;

    /// <summary>What the account has had taken on that day, all but the chunk that is being filled.</summary>
    private long _counted;

    /// <summary>What the job has taken, on disk.</summary>
    public UploadMark Committed { get; private set; } = target.Mark;

    /// <summary>The first rejections of this body.</summary>
    public List<Rejection> Rejections { get; } = [];

    /// <summary>Recipients of this body that were taken and are suppressed as of now.</summary>
    public long Suppressed { get; private set; }

    /// <summary>What was wrong with the header or the connection.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Set where <see cref="UploadEnd.CapReached"/> is the end.</summary>
    public CapReached? Cap { get; private set; }

    public string? HeaderFault { get; private set; }

    /// <param name="line">Number of the body's first line. Lines that the job has are passed over.</param>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The spool cannot be written.</exception>
    public async Task<UploadEnd> RunAsync(long line, CancellationToken stopping)
    {
        try
        {
            lease.Prepare(target.Mark.Accepted);
            var end = await ReadAsync(line, stopping).ConfigureAwait(false);
            await CommitAsync().ConfigureAwait(false);
            await CommittedAsync().ConfigureAwait(false);
            return end;
        }
        catch (IOException e)
        {
            Fault = e;
            return UploadEnd.DiskFull;
        }
        catch (JobNotOpenException)
        {
            return UploadEnd.Closed;
        }
        catch (CapReachedException)
        {
            return UploadEnd.CapReached;
        }
        finally
        {
            await _commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<UploadEnd> ReadAsync(long line, CancellationToken stopping)
    {
        var header = format.HasHeader;
        while (true)
        {
            while (lines.TryNext())
            {
                if (header)
                {
                    HeaderFault = lines.TooLong || lines.Unclosed ? "is too long, or has a quote that is never closed" : format.ReadHeader(lines.Line.Span);
                    if (HeaderFault is not null)
                        return UploadEnd.BadHeader;
                    header = false;
                    continue;
                }

                if (lines.Unclosed)
                    return UploadEnd.OpenQuote;
                if (line++ < target.Mark.NextLine)
                    continue;
                if (_chunk.Lines == 0 && Refusal() is { } refusal)
                    return refusal;
                if (target.MaxRecipientsPerDay is { } most && IsDayFull(most))
                    return UploadEnd.CapReached;
                Take(line - 1);
                if (_chunk.IsFull)
                    await CommitAsync().ConfigureAwait(false);
            }

            try
            {
                if (!await lines.FillAsync(stopping).ConfigureAwait(false))
                    break;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return UploadEnd.Stopping;
            }
            catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException)
            {
                Fault = e;
                return UploadEnd.Broken;
            }

            if (_chunk.Lines > 0 && time.GetElapsedTime(_committedAt) >= CommitSlowBodyEvery)
                await CommitAsync().ConfigureAwait(false);
        }

        HeaderFault = header ? "is missing: the first line names the columns" : null;
        return header ? UploadEnd.BadHeader : UploadEnd.Whole;
    }

    private UploadEnd? Refusal()
    {
        var coming = _commit.IsCompleted ? 0 : _committing!.After.Accepted - Committed.Accepted;
        if (room.IsFull(coming))
            return UploadEnd.SpoolFull;
        return room.DiskIsFull() ? UploadEnd.DiskFull : null;
    }

    /// <summary>Looks at the clock only where the day is full as far as is known.</summary>
    private bool IsDayFull(long most)
    {
        if (_day != 0 && _counted + _chunk.Recipients.Count < most)
            return false;
        var now = Caps();
        if (now.Day != _day)
            (_day, _counted) = (now.Day, reader.CountOfDay(target.Account, now.Day));
        if (_counted + _chunk.Recipients.Count < most)
            return false;
        Cap = new CapReached(CapReached.RecipientsName, most, _counted + _chunk.Recipients.Count, now.SecondsLeft);
        return true;
    }

    private AccountCaps Caps() => new(target.Account, time.GetUtcNow().ToUnixTimeMilliseconds(), target.MaxRecipientsPerDay, null);

    private void Take(long line)
    {
        _chunk.Lines++;
        _chunk.Bytes += lines.Line.Length;
        if (lines.TooLong)
            Reject(line, null, $"the line is longer than {LineReader.MaxLineBytes} bytes");
        else if (lines.Line.Span.TrimStart(" \t"u8).IsEmpty)
            return;
        else if (format.Parse(lines.Line) is { } recipient)
            Take(line, recipient);
        else
            Reject(line, format.Email, format.Reason());
    }

    private void Take(long line, in UploadedRecipient recipient)
    {
        var key = RecipientKey.Of(target.RecipientSecret.Span, target.Account, recipient.Email);
        if (!lease.Seen.Add(key))
        {
            Reject(line, recipient.Email, "email is in this job already, and gets the mail once");
            return;
        }

        if (suppressions.Contains(target.Account, key, target.List))
            Suppressed++;
        var spooled = new SpooledRecipient
        {
            Account = target.Account,
            Job = target.Job,
            Ordinal = (uint)(_reached.Accepted + _chunk.Recipients.Count),
            Email = recipient.Email,
            Name = recipient.Name,
            UpstreamId = recipient.Id,
            Variant = recipient.Variant,
            Key = key,
            SubstitutionData = recipient.SubstitutionData,
            Metadata = recipient.Metadata,
        };
        _chunk.Recipients.Add(spooled);
        _events.AddAccepted(spooled, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private void Reject(long line, string? email, string reason)
    {
        var rejection = new Rejection(line, email, reason);
        if (Rejections.Count < NamedRejections)
            Rejections.Add(rejection);
        if (_reached.Rejected + _chunk.Rejected < KeptRejections)
            _chunk.Rejections.Add(rejection);
        _chunk.Rejected++;
    }

    /// <summary>Sends the chunk to the disk once the one before is there.</summary>
    private async Task CommitAsync()
    {
        await CommittedAsync().ConfigureAwait(false);
        if (_chunk.Lines == 0)
            return;
        _committing = new AppendRecipients(
            target.Job, _reached, _reached.Lines + _chunk.Lines, _chunk.Rejected, _chunk.Recipients, _chunk.Rejections, _events.Take(), Caps());
        _commit = writer.CommitAsync(_committing);
        _committedAt = time.GetTimestamp();
        _reached = _committing.After;
        _counted += _chunk.Recipients.Count;
        _chunk = new UploadChunk();
    }

    private async Task CommittedAsync()
    {
        await _commit.ConfigureAwait(false);
        if (_committing?.Cap is { } cap)
        {
            Cap = cap;
            throw new CapReachedException();
        }

        if (_committing?.Caps.Day == _day)
            _counted = _committing.CountOfDay;
        Committed = _reached;
    }
}
