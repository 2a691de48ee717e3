using System.Buffers.Binary;
using Delivery.Contracts.Events;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Scenarios;

[Collection(SharedStoresCollection.Name)]
public class PoisonTests(SharedStores stores)
{
    [Fact]
    public async Task What_cannot_be_read_becomes_a_dead_letter_once_and_its_neighbours_are_counted()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(31);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(100));

        var (bytes, count) = producer.Pack(traffic.More(3));
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1));
        var bad = bytes.AsSpan(5, length).ToArray();
        bytes[5] = 99;
        bad[0] = 99;
        traffic.All.RemoveAt(traffic.All.Count - 3);
        await producer.PublishAsync((bytes, count));
        var (torn, tornCount) = producer.Pack(new Traffic(32).More(4));
        await producer.PublishAsync((torn[..^3], tornCount));
        await installation.Redis.ExecuteAsync("XADD", (RedisKey)installation.Names.Entries, "*", "what", "ever");
        await producer.PublishAsync(traffic.More(100));

        // The first attempt to commit fails after the insert, so that the batch is gone through twice.
        var failed = 0;
        var aggregator = await installation.StartAggregatorAsync(point =>
            point == Delivery.Aggregator.Streams.BatchPoint.AfterInsert && Interlocked.Exchange(ref failed, 1) == 0 ? throw new IOException("made up") : Task.CompletedTask);
        await installation.DrainedAsync();
        await Count.AgreesAsync(installation, traffic.All, aggregator);

        var dead = (RedisResult[])(await installation.Redis.ExecuteAsync("XRANGE", installation.Names.Dead, "-", "+"))!;
        var letters = dead.Select(entry => ((RedisResult[])((RedisResult[])entry!)[1]!)).Select(fields =>
            Enumerable.Range(0, fields.Length / 2).ToDictionary(i => (string)fields[2 * i]!, i => (byte[])fields[(2 * i) + 1]!)).ToList();
        string Text(int letter, string field) => System.Text.Encoding.UTF8.GetString(letters[letter][field]);
        Assert.Equal(3, letters.Count);
        Assert.Equal(("unknown kind 99", "1", "101"), (Text(0, "reason"), Text(0, "producer"), Text(0, "number")));
        Assert.Equal(bad, letters[0]["raw"]);
        Assert.Equal(("record length beyond the entry", "1", "104"), (Text(1, "reason"), Text(1, "producer"), Text(1, "number")));
        Assert.Equal(torn[..^3], letters[1]["raw"]);
        Assert.Equal("no producer", Text(2, "reason"));
    }
}
