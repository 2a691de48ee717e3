using Delivery.Contracts;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Delivery.Testing;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Spool;

/// <summary>What a crash left in flight, and what left the spool.</summary>
public sealed class RequeueTests : IAsyncDisposable
{
    private const int Recipients = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly SpoolDatabase _database;
    private readonly SpoolWriter _writer;
    private readonly SpoolReader _reader;

    public RequeueTests()
    {
        _database = new SpoolDatabase(Options.Create(new MtaOptions { Spool = _folder.File("spool") }), TimeProvider.System);
        _writer = new SpoolWriter(_database, new BusyTimes());
        _reader = new SpoolReader(_database);
    }

    [Fact]
    public async Task A_retry_that_was_claimed_is_found_and_one_that_waits_is_not()
    {
        await AcceptAsync(1);
        await _writer.CommitAsync(new ClaimChunk(1, 0, Recipients));
        await DeferAsync(_reader.Recipients(1, 0, Recipients), dueMs: 100);
        await _writer.CommitAsync(new ClaimRetries(_reader.Due(1, 100, 3)));
        Assert.Equal(Recipients - 3, _reader.Due(1, 100, 100).Count);

        var requeue = new RequeueInFlight(500);
        await _writer.CommitAsync(requeue);

        Assert.Equal(3, requeue.Found);
        Assert.Equal(Recipients, _reader.Due(1, 100, 100).Count);
        Assert.Equal([0u, 1u, 2u], _reader.Recipients(1, 0, Recipients).Where(one => one.Uncertain).Select(one => one.Ordinal));
        Assert.Equal(3, _reader.Progress(7, 1)!.Counts.Uncertain);
    }

    [Fact]
    public async Task Below_what_is_settled_nobody_is_looked_for_and_above_everybody_is()
    {
        await AcceptAsync(1);
        await _writer.CommitAsync(new ClaimChunk(1, 0, 4));
        await EndAsync(_reader.Recipients(1, 0, 4));
        await _writer.CommitAsync(new ClaimChunk(1, 4, 7, settled: 4));

        var requeue = new RequeueInFlight(500);
        await _writer.CommitAsync(requeue);
        var again = new RequeueInFlight(600);
        await _writer.CommitAsync(again);

        Assert.Equal((3, 0), (requeue.Found, again.Found));
        Assert.Equal([4u, 5u, 6u], _reader.Due(1, 500, 100).Select(one => one.Ordinal));
    }

    [Fact]
    public async Task An_outcome_takes_its_retry_along_also_where_another_follows_at_the_same_moment()
    {
        await AcceptAsync(1);
        await _writer.CommitAsync(new ClaimChunk(1, 0, Recipients));
        await DeferAsync(_reader.Recipients(1, 0, Recipients), dueMs: 100);
        var due = _reader.Due(1, 100, 100);
        await _writer.CommitAsync(new ClaimRetries(due));
        await DeferAsync(due[..5], dueMs: 100);
        await EndAsync(due[5..]);

        Assert.Equal(due[..5].Select(one => one.Ordinal), _reader.Due(1, 100, 100).Select(one => one.Ordinal));
        var counts = _reader.Progress(7, 1)!.Counts;
        Assert.Equal((5L, 5L, 0L), (counts.Deferred, counts.Dropped, counts.Queued));
    }

    [Fact]
    public async Task Finished_jobs_are_removed_a_few_rows_a_commit_and_none_of_the_others_is_touched()
    {
        for (var job = 1UL; job <= 3; job++)
        {
            await AcceptAsync(job);
            await _writer.CommitAsync(new ClaimChunk(job, 0, Recipients));
        }

        await EndAsync(_reader.Recipients(1, 0, Recipients));
        await EndAsync(_reader.Recipients(2, 0, Recipients));
        var jobs = new RetireJobs(finishedBeforeMs: 2_000, limit: 10);
        await _writer.CommitAsync(jobs);
        Assert.Equal(2, jobs.Found);
        Assert.Null(_reader.Progress(7, 1));
        var commits = 0;
        for (var rows = new RemoveRetired(3); ; rows = new RemoveRetired(3))
        {
            await _writer.CommitAsync(rows);
            if (!rows.Removed)
                break;
            commits++;
        }

        Assert.InRange(commits, 2 * Recipients / 4, 2 * Recipients);
        Assert.Empty(_reader.Recipients(1, 0, Recipients));
        Assert.Empty(_reader.Recipients(2, 0, Recipients));
        Assert.Equal(Recipients, _reader.Recipients(3, 0, Recipients).Count);
        Assert.Equal(Recipients, _writer.OpenRecipients);
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _writer.DisposeAsync();
        _database.Dispose();
        _folder.Dispose();
    }

    private Task DeferAsync(List<SpooledRecipient> recipients, long dueMs) => RecordAsync(recipients, RecipientState.Deferred, dueMs);

    private Task EndAsync(List<SpooledRecipient> recipients) => RecordAsync(recipients, RecipientState.Dropped, null);

    private Task RecordAsync(List<SpooledRecipient> recipients, RecipientState state, long? dueMs) =>
        _writer.CommitAsync(new RecordOutcomes(
            recipients.ConvertAll(one => new AttemptOutcome { Recipient = one, State = state, Attempts = 1, Losses = 0, Uncertain = false, DueMs = dueMs }), [], nowMs: 1_000));

    private Task AcceptAsync(ulong id)
    {
        var none = "{}"u8.ToArray();
        var job = new SpooledJob
        {
            Id = id, Account = 7, CreatedMs = 1, CampaignId = "c", ReturnPath = null, Content = none, Options = none, SubstitutionData = none, Metadata = none,
        };
        var recipients = Enumerable.Range(0, Recipients)
            .Select(i => new SpooledRecipient { Account = 7, Job = id, Ordinal = (uint)i, Email = $"p{i}@b.example", Key = new RecipientKey(id, (ulong)i) }).ToList();
        return _writer.CommitAsync(new AcceptJob(job, recipients, [], null, [], []));
    }
}
