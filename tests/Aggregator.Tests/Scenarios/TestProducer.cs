using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>Numbers events as a real producer does, and remembers every entry so that it can send it again.</summary>
internal sealed class TestProducer(Installation installation, ulong id)
{
    private readonly EntryWriter _writer = new();

    public ulong Id { get; } = id;

    public ulong Next { get; set; } = 1;

    public List<(ulong First, int Count, byte[] Bytes)> Sent { get; } = [];

    public async Task PublishAsync(IReadOnlyList<DeliveryEvent> events, int perEntry = 50, bool leap = false)
    {
        foreach (var chunk in events.Chunk(perEntry))
            await PublishAsync(Pack(chunk), leap);
    }

    /// <summary>Sends an entry that was not taken again, out of what the producer keeps.</summary>
    public async Task<PublishStatus> RetryAsync((ulong First, int Count, byte[] Bytes) entry) =>
        (await PublishScript.PublishAsync(installation.Redis, installation.Names, Id, entry.First, entry.Count, entry.Bytes, TimeSpan.FromSeconds(20))).Status;

    /// <summary>Publishes one entry of what is added to the writer.</summary>
    public Task<PublishStatus> PublishAsync(Action<EntryWriter> add)
    {
        _writer.Clear();
        add(_writer);
        return PublishAsync((_writer.Written.ToArray(), _writer.Count));
    }

    public async Task<PublishStatus> PublishAsync((byte[] Bytes, int Count) entry, bool leap = false)
    {
        Sent.Add((Next, entry.Count, entry.Bytes));
        var result = await PublishScript.PublishAsync(installation.Redis, installation.Names, Id, Next, entry.Count, entry.Bytes, TimeSpan.FromSeconds(20), leap);
        Next += (ulong)entry.Count;
        return result.Status;
    }

    /// <summary>Sends what was sent before again, by the script.</summary>
    public async Task<List<PublishStatus>> RepeatAsync(bool leap = false)
    {
        var answers = new List<PublishStatus>();
        foreach (var (first, count, bytes) in Sent)
            answers.Add((await PublishScript.PublishAsync(installation.Redis, installation.Names, Id, first, count, bytes, TimeSpan.FromSeconds(20), leap)).Status);
        return answers;
    }

    /// <summary>Puts an entry into the stream past the script, as a Redis that lost its marks would let it in.</summary>
    public Task ForceAsync(ulong first, int count, byte[] bytes) => installation.Redis.ExecuteAsync(
        "XADD", (RedisKey)installation.Names.Entries, "*", "p", Id.ToString(), "n", first.ToString(), "c", count, "e", bytes);

    public (byte[] Bytes, int Count) Pack(IEnumerable<DeliveryEvent> events)
    {
        _writer.Clear();
        foreach (var e in events)
        {
            if (e.Kind == EventKind.Accepted)
                _writer.AddAccepted(e, Recipient(e));
            else
                _writer.Add(e);
        }

        return (_writer.Written.ToArray(), _writer.Count);
    }

    public static RecipientDimension Recipient(in DeliveryEvent e) => new(
        $"customer-{e.Recipient}", "", "example.com", new RecipientKey(0xAB, e.Recipient), "{\"a\":1}"u8.ToArray());
}
