using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Outcomes;

/// <summary>Packs the events of outcomes, an entry for each shard. Reusable, not thread-safe.</summary>
internal sealed class OutcomePacker
{
    private readonly EntryWriter[] _entries;

    public OutcomePacker(int shards)
    {
        _entries = new EntryWriter[shards];
        for (var i = 0; i < shards; i++)
            _entries[i] = new EntryWriter();
    }

    public List<OutboxEntry> Pack(List<AttemptOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Event is { } e)
                _entries[StreamNames.ShardOf(e.Job, _entries.Length)].Add(e);
        }

        var packed = new List<OutboxEntry>(1);
        for (var shard = 0; shard < _entries.Length; shard++)
        {
            var entry = _entries[shard];
            if (entry.Count == 0)
                continue;
            packed.Add(new OutboxEntry(shard, entry.Count, entry.Written.ToArray()));
            entry.Clear();
        }

        return packed;
    }
}
