using Delivery.Contracts;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Delivery.Testing;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Spool;

public sealed class SpoolWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_write_that_fails_does_not_fail_those_that_share_its_commit()
    {
        using var database = Open();
        await using var writer = new SpoolWriter(database, new BusyTimes());
        var reader = new SpoolReader(database);

        var writes = Enumerable.Range(1, 200).Select(i => (Id: (ulong)i, Task: writer.CommitAsync(i % 7 == 0 ? new ClaimChunk(999, 5, 6) : Accept((ulong)i)))).ToList();
        foreach (var (id, task) in writes)
        {
            if (id % 7 == 0)
                await Assert.ThrowsAsync<InvalidOperationException>(() => task);
            else
                await task;
        }

        Assert.All(writes, write => Assert.Equal(write.Id % 7 != 0, reader.Job(write.Id) is not null));
        Assert.True(writer.Commits < 200, "many writes share one commit");
        var outbox = reader.Outbox(0, 1, 1000);
        Assert.Equal(writes.Count(write => write.Id % 7 != 0), outbox.Count);
        var next = 1UL;
        foreach (var entry in outbox)
        {
            Assert.Equal(next, entry.First);
            next = entry.Last + 1;
        }
    }

    [Fact]
    public async Task A_chunk_is_claimed_once_and_in_order()
    {
        using var database = Open();
        await using var writer = new SpoolWriter(database, new BusyTimes());
        await writer.CommitAsync(Accept(1));

        await writer.CommitAsync(new ClaimChunk(1, 0, 1));

        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CommitAsync(new ClaimChunk(1, 0, 1)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CommitAsync(new ClaimChunk(1, 2, 3)));
    }

    [Fact]
    public async Task What_was_claimed_without_an_outcome_is_requeued_once_and_named()
    {
        using var database = Open();
        await using var writer = new SpoolWriter(database, new BusyTimes());
        var reader = new SpoolReader(database);
        await writer.CommitAsync(Accept(1));
        await writer.CommitAsync(new ClaimChunk(1, 0, 1));

        var first = new RequeueInFlight(1_000);
        await writer.CommitAsync(first);
        var second = new RequeueInFlight(2_000);
        await writer.CommitAsync(second);

        Assert.Equal(1, first.Found);
        Assert.Equal(0, second.Found);
        Assert.True(reader.Recipient(1, 0)!.Uncertain);
        var due = Assert.Single(reader.Due(1, 1_000, 10));
        Assert.Equal((0u, (long?)1_000), (due.Ordinal, due.RetryDueMs));
        Assert.Equal(1, reader.Progress(7, 1)!.Counts.Uncertain);
    }

    public void Dispose() => _folder.Dispose();

    private SpoolDatabase Open() => new(Options.Create(new MtaOptions { Spool = _folder.File("spool") }), TimeProvider.System);

    private static AcceptJob Accept(ulong id) =>
        new(
            new SpooledJob
            {
                Id = id,
                Account = 7,
                CreatedMs = 1,
                CampaignId = "c",
                ReturnPath = null,
                Content = "{}"u8.ToArray(),
                Options = "{}"u8.ToArray(),
                SubstitutionData = "{}"u8.ToArray(),
                Metadata = "{}"u8.ToArray(),
            },
            [new SpooledRecipient { Account = 7, Job = id, Ordinal = 0, Email = "a@b.example", Key = new RecipientKey(1, id) }],
            [new OutboxEntry(0, 3, [1, 2, 3])],
            null, [], []);
}
