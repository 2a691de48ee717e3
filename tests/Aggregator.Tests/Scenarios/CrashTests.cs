using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>What an aggregator leaves behind when it stops at the worst moments.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class CrashTests(SharedStores stores)
{
    /// <summary>The first owner freezes at the point, past its lease; a second takes over; then the first wakes up.</summary>
    [Theory]
    [InlineData(BatchPoint.BeforeInsert)]
    [InlineData(BatchPoint.AfterInsert)]
    [InlineData(BatchPoint.AfterCommit)]
    internal async Task An_owner_that_freezes_and_wakes_up_after_another_took_over_doubles_nothing(BatchPoint where)
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(11);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(400));
        var frozen = new TaskCompletionSource();
        var wake = new TaskCompletionSource();
        await installation.StartAggregatorAsync(
            async point =>
            {
                if (point != where)
                    return;
                frozen.TrySetResult();
                await wake.Task;
            },
            leaseTime: "00:00:01");
        await frozen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await installation.Redis.KeyDeleteAsync(installation.Names.Key("lease"));
        await producer.PublishAsync(traffic.More(400));
        var second = await installation.StartAggregatorAsync(leaseTime: "00:00:30");
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, second);

        wake.SetResult();
        await producer.PublishAsync(traffic.More(100));
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, second);
    }

    [Fact]
    public async Task A_consumer_that_fails_at_every_point_again_and_again_counts_exactly()
    {
        await using var installation = await stores.InstallAsync();
        var failures = 0;
        var aggregator = await installation.StartAggregatorAsync(point =>
        {
            var turn = Interlocked.Increment(ref failures);
            return turn <= 24 && turn % 2 == 0 ? throw new IOException($"made up at {point}") : Task.CompletedTask;
        });
        var traffic = new Traffic(12);
        var producer = installation.NewProducer(1);
        for (var round = 0; round < 6; round++)
            await producer.PublishAsync(traffic.More(200), perEntry: 20);
        await installation.DrainedAsync(TimeSpan.FromSeconds(60));
        Assert.True(failures > 10);
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task A_batch_that_is_in_raw_but_not_in_its_roll_up_is_mended()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(13);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(300));
        var stuck = new TaskCompletionSource();
        var first = await installation.StartAggregatorAsync(async point =>
        {
            if (point != BatchPoint.AfterInsert)
                return;
            stuck.TrySetResult();
            await Task.Delay(Timeout.Infinite);
        });
        await stuck.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await installation.ClickHouse.ExecuteAsync($"ALTER TABLE clicks_by_link_rows DELETE WHERE job = {Traffic.Jobs[0]} SETTINGS mutations_sync = 1", default);
        await installation.ClickHouse.ExecuteAsync("ALTER TABLE events_by_job_rows DELETE WHERE kind = 'opened' SETTINGS mutations_sync = 1", default);
        await installation.Redis.KeyDeleteAsync(installation.Names.Key("lease"));

        var second = await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, second);
    }

    [Fact]
    public async Task A_roll_up_that_holds_too_much_is_mended_too()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(14);
        await installation.NewProducer(1).PublishAsync(traffic.More(300));
        await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        var fence = await installation.FenceAsync();
        var verifier = installation.NewVerifier();
        Assert.Empty(await verifier.FindDifferingAsync(Traffic.Jobs, default));

        await installation.ClickHouse.ExecuteAsync(
            $"INSERT INTO events_by_job_rows SELECT *, 0 FROM events_by_job_raw WHERE job = {Traffic.Jobs[1]} SETTINGS insert_deduplicate = 0", default);
        Assert.Equal([Traffic.Jobs[1]], await verifier.FindDifferingAsync(Traffic.Jobs, default));
        Assert.Equal(1, await verifier.MendAsync(Traffic.Jobs, fence, default));
        Assert.Equal(0, await verifier.MendAsync(Traffic.Jobs, fence, default));
        await Count.AgreesAsync(installation, traffic.All);
    }

    /// <summary>The dedup log is written before the part: after a crash between them ClickHouse takes the rows for present.</summary>
    [Fact]
    public async Task A_token_that_ClickHouse_remembers_without_its_rows_loses_nothing()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        var fence = await installation.FenceAsync();
        var insert = installation.NewInsert();
        var traffic = new Traffic(15);
        var batch = Batch(fence, traffic.More(200));
        await insert.InsertAsync(batch, "0:t", default);
        await installation.ClickHouse.ExecuteAsync("ALTER TABLE events DELETE WHERE 1 SETTINGS mutations_sync = 1", default);
        await insert.InsertAsync(batch, "0:t", default);
        Assert.Equal(0UL, await installation.NumberAsync("SELECT count() FROM events"));

        Assert.Equal(200, (await insert.CompleteAsync(batch, "0:t", fence, default)).Missing);
        await Count.AgreesAsync(installation, traffic.All);
    }

    /// <summary>The window between the log of duplicates and the part, forced open: the parts are gone, the tokens are known.</summary>
    [Theory]
    [InlineData("events", "time")]
    [InlineData("events_by_job_rows", "bucket")]
    [InlineData("clicks_by_link_rows", "bucket")]
    public async Task A_part_that_is_gone_while_its_token_is_known_is_found_and_mended(string table, string time)
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        var fence = await installation.FenceAsync();
        var insert = installation.NewInsert();
        var traffic = new Traffic(21);
        var batch = Batch(fence, traffic.More(300));
        await insert.InsertAsync(batch, "0:t", default);
        await installation.ClickHouse.ExecuteAsync($"ALTER TABLE {table} DELETE WHERE toYYYYMM({time}) = 202611 SETTINGS mutations_sync = 1", default);
        await insert.InsertAsync(batch, "0:t", default);

        var later = await installation.FenceAsync();
        var (missing, mended) = await insert.CompleteAsync(Batch(later, traffic.All), "0:t", later, default);
        Assert.Equal(table == "events", missing > 0);
        Assert.True(mended > 0 || table == "events");
        await Count.AgreesAsync(installation, traffic.All);
    }

    /// <summary>An insert of an owner that was thought dead arrives after its batch was completed by another.</summary>
    [Fact]
    public async Task An_insert_that_arrives_after_its_batch_was_completed_is_refused()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        var fence = await installation.FenceAsync();
        var insert = installation.NewInsert();
        var traffic = new Traffic(16);
        var batch = Batch(fence, traffic.More(200));
        var second = await installation.FenceAsync();
        await insert.CompleteAsync(Batch(second, traffic.All), "0:t", second, default);
        await Assert.ThrowsAsync<ClickHouseException>(() => insert.InsertAsync(batch, "0:t", default));
        await Assert.ThrowsAsync<ClickHouseException>(() => insert.InsertAsync(batch, "0:another token", default));
        await Count.AgreesAsync(installation, traffic.All);
    }

    /// <summary>The client is gone, its rows are in the raw table, and the views behind it are still being filled.</summary>
    [Fact]
    public async Task An_insert_that_is_still_under_way_is_waited_for()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        await installation.ClickHouse.ExecuteAsync("CREATE TABLE slow (x UInt8) ENGINE = MergeTree ORDER BY x", default);
        await installation.ClickHouse.ExecuteAsync("CREATE MATERIALIZED VIEW a_slow_view TO slow AS SELECT sleepEachRow(0.5) AS x FROM events", default);
        var fence = await installation.FenceAsync();
        var insert = installation.NewInsert();
        var traffic = new Traffic(20);
        var batch = Batch(fence, traffic.More(4));
        var first = insert.InsertAsync(batch, "0:t", default);
        await Eventually.HoldsAsync(
            async () => await installation.NumberAsync("SELECT count() FROM system.processes WHERE Settings['insert_deduplication_token'] = '0:t'") == 1, "it is under way");
        var second = await installation.FenceAsync();
        Assert.Equal(4UL, await installation.NumberAsync("SELECT count() FROM slow"));
        await first;
        await installation.ClickHouse.ExecuteAsync("DROP VIEW a_slow_view", default);
        fence = second;
        batch = Batch(fence, traffic.All);
        Assert.Equal((0, 0), await insert.CompleteAsync(batch, "0:t", fence, default));
        await Count.AgreesAsync(installation, traffic.All);
    }

    [Fact]
    public async Task A_batch_of_which_one_month_is_missing_is_completed()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        var fence = await installation.FenceAsync();
        var insert = installation.NewInsert();
        var traffic = new Traffic(17);
        var batch = Batch(fence, traffic.More(200));
        await insert.InsertAsync(batch, "0:t", default);
        await installation.ClickHouse.ExecuteAsync("ALTER TABLE events DELETE WHERE toYYYYMM(time) = 202611 SETTINGS mutations_sync = 1", default);
        var (missing, mended) = await insert.CompleteAsync(batch, "0:t", fence, default);
        Assert.Equal(traffic.All.Count(e => DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs).Month == 11), missing);
        Assert.True(missing is > 0 and < 200);
        Assert.True(mended > 0);
        await Count.AgreesAsync(installation, traffic.All);
    }

    [Fact]
    public async Task Redis_that_came_back_older_brings_nothing_twice()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(18);
        var producer = installation.NewProducer(1);
        var first = await installation.StartAggregatorAsync();
        await producer.PublishAsync(traffic.More(500), perEntry: 25);
        await installation.DrainedAsync();

        // While the aggregator runs: the marks and the cursor are gone, and the producer sends all again.
        await installation.Redis.KeyDeleteAsync([installation.Names.Marks, installation.Names.Key("cursor")]);
        Assert.All(await producer.RepeatAsync(), status => Assert.Equal(PublishStatus.Appended, status));
        await producer.PublishAsync(traffic.More(100));
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, first);

        // And across a start: every key of the shard is gone.
        await first.StopAsync();
        foreach (var key in new[] { "lease", "epoch", "manifest", "cursor", "marks", "entries" })
            await installation.Redis.KeyDeleteAsync(installation.Names.Key(key));
        await producer.RepeatAsync();
        await producer.PublishAsync(traffic.More(100));
        var second = await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, second);
    }

    [Fact]
    public async Task A_stream_that_went_back_under_the_owner_is_read_from_its_head_again()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(19);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(100), perEntry: 10);
        var swapped = 0;
        var aggregator = await installation.StartAggregatorAsync(async point =>
        {
            if (point != BatchPoint.AfterInsert || Interlocked.Exchange(ref swapped, 1) != 0)
                return;
            // The stream is lost with entries that nobody read; the producer sends all of it again, and more, under smaller ids.
            await installation.Redis.KeyDeleteAsync(installation.Names.Entries);
            await installation.Redis.ExecuteAsync("XADD", (RedisKey)installation.Names.Entries, "1-1", "p", "1", "n", "1", "c", producer.Sent[0].Count, "e", producer.Sent[0].Bytes);
            var late = traffic.More(10);
            var (bytes, count) = producer.Pack(late);
            await installation.Redis.ExecuteAsync("XADD", (RedisKey)installation.Names.Entries, "1-2", "p", "1", "n", "101", "c", count, "e", bytes);
        });
        await installation.DrainedAsync();
        Assert.Equal(1, swapped);
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    private static EventBatch Batch(ShardFence fence, List<DeliveryEvent> events)
    {
        var writer = new EntryWriter();
        foreach (var e in events)
        {
            if (e.Kind == EventKind.Accepted)
                writer.AddAccepted(e, TestProducer.Recipient(e));
            else
                writer.Add(e);
        }

        var batch = new EventBatch(0) { Fence = fence.Number };
        batch.Add(new StreamEntry(1, 0, 1, 1, writer.Count, writer.Written.ToArray(), null), new ProducerMarks());
        return batch;
    }
}
