using System.Diagnostics.CodeAnalysis;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// How far Redis has a shard's part of the journal, and what comes next. One thread at a time, but for <see cref="Waiting"/> and
/// <see cref="Appended"/>.
/// </summary>
internal sealed class ShardReplay
{
    private readonly int _shard;
    private readonly EventJournal _journal;
    private readonly JournalReader _reader;
    private readonly ReplayBatch _batch;
    private readonly TrackerMetrics _metrics;
    private readonly ILogger _log;

    /// <summary>Producer → its highest number that Redis is known to have had; before the first look, that is in the journal.</summary>
    private readonly Dictionary<ulong, ulong> _had = [];

    /// <summary>Producer → the highest number that was given under it, but for the one that numbers are given under now.</summary>
    private readonly Dictionary<ulong, ulong> _given = [];
    private readonly List<ulong> _producers = [];
    private JournalPosition _cursor;
    private JournalPosition _furthest;
    private ShardNumbers _bare;
    private (ulong Producer, ulong First) _leap;
    private ulong _leapFrom;
    private bool _looked;
    private long _waiting;
    private long _recovered;

    public ShardReplay(int shard, EventJournal journal, TrackerOptions options, TrackerMetrics metrics, ILogger log)
    {
        _shard = shard;
        _journal = journal;
        _metrics = metrics;
        _log = log;
        _reader = new JournalReader(journal, shard, log);
        _batch = new ReplayBatch(options);
        foreach (var (producer, last) in journal.Recovered.Given[shard])
            Know(producer, last, last);
        var numbers = journal.NumbersOf(shard);
        Know(numbers.Producer, numbers.Next - 1, numbers.Next - 1);
        _waiting = _recovered = journal.Recovered.Waiting[shard];
    }

    /// <summary>Journaled records that Redis does not have yet, as far as is known.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Those whose marks matter.</summary>
    public IReadOnlyList<ulong> Producers => _producers;

    /// <summary>True where Redis has everything that is in the journal.</summary>
    public bool IsAtEnd => _cursor >= _journal.EndOf(_shard);

    /// <summary>True where numbers before the batch are lost for good.</summary>
    public bool Leaps => _leap == (_batch.Producer, _batch.First);

    public void Appended(int records) => Interlocked.Add(ref _waiting, records);

    /// <summary>What comes next, and what was published before apart from what was not; false where Redis has everything.</summary>
    public bool TryFill([NotNullWhen(true)] out ReplayBatch? batch)
    {
        batch = _batch;
        return _batch.TryFill(_reader, _cursor < _furthest ? _furthest : _journal.EndOf(_shard));
    }

    /// <summary>Reads on from where Redis stands, after entries were published from memory.</summary>
    public void Resume() => _reader.Seek(_cursor);

    /// <summary>The batch is in Redis, through this call or (<paramref name="appended"/> is false) from before.</summary>
    public void Published(bool appended)
    {
        if (Leaps && appended)
        {
            _metrics.Gap((long)(_batch.First - _leapFrom));
            TrackerLog.Gap(_log, _shard, _batch.Producer, _leapFrom, _batch.First - 1);
        }

        _leap = default;
        Published(_batch.Producer, _batch.Last, _batch.Count, _batch.End);
    }

    public void Published(ulong producer, ulong last, int records, JournalPosition end)
    {
        Interlocked.Add(ref _waiting, -records);
        if (end <= _furthest)
        {
            _metrics.Resent(records);
        }
        else
        {
            _metrics.Published(records);
            _furthest = end;
        }

        _had[producer] = last;
        _cursor = end;
        _journal.Confirm(_shard, end);
    }

    /// <summary>True where Redis has exactly what it was known to have.</summary>
    public bool Confirms(IReadOnlyDictionary<ulong, ulong> marks)
    {
        foreach (var (producer, mark) in marks)
        {
            if (_had[producer] != mark)
                return false;
        }

        _journal.Confirm(_shard, _cursor);
        return true;
    }

    /// <summary>Makes the first entry that Redis does not have the next one. False where it is to be asked again first.</summary>
    public bool GoTo(IReadOnlyDictionary<ulong, ulong> marks)
    {
        var back = false;
        foreach (var (producer, mark) in marks)
        {
            if (mark > Highest(producer))
                return Renumber(producer, _had[producer] + 1);
            back |= _looked && mark < _had[producer];
        }

        _journal.Pin();
        try
        {
            _reader.Seek(back || !_looked ? JournalPosition.Beginning : _cursor);
            if (Skip(marks, back ? _cursor : JournalPosition.Beginning) is { } torn)
                return Renumber(torn.Producer, torn.From);
        }
        finally
        {
            _journal.Unpin();
        }

        foreach (var (producer, mark) in marks)
            _had[producer] = mark;
        if (!_looked)
            _metrics.Recovered(_recovered);
        _looked = true;
        return true;
    }

    /// <summary>Numbers for records that are not journaled.</summary>
    public ShardNumbers Bare(int records)
    {
        if (_bare.Producer == 0)
            _bare = ShardNumbers.Fresh();
        var numbers = _bare;
        _bare = numbers with { Next = numbers.Next + (ulong)records };
        return numbers;
    }

    /// <summary>Gives buffers back until they are needed again.</summary>
    public void Release() => _reader.Release();

    /// <summary>
    /// Moves the cursor from where the reader stands to the first entry that a mark does not cover, and keeps count: what ends no later than
    /// <paramref name="counted"/> does not count as waiting yet. Returns the entry where a mark lies within one.
    /// </summary>
    private (ulong Producer, ulong From)? Skip(IReadOnlyDictionary<ulong, ulong> marks, JournalPosition counted)
    {
        _leap = default;
        JournalPosition? cursor = null;
        long waiting = 0;
        var end = _journal.EndOf(_shard);
        while (_reader.TryNext(end, out var header, out _))
        {
            var position = _reader.Position;
            var mark = marks.GetValueOrDefault(header.Producer);
            if (cursor is null && header.Last <= mark)
            {
                waiting -= position > counted ? header.Count : 0;
                Covered(position, header.Count);
                continue;
            }

            if (cursor is null)
            {
                if (header.First <= mark)
                    return (header.Producer, header.First);
                cursor = position with { Offset = position.Offset - header.TotalBytes };
                if (header.First > mark + 1)
                    (_leap, _leapFrom) = ((header.Producer, header.First), mark + 1);
            }

            if (position > counted)
                break;
            waiting += header.Count;
        }

        _cursor = cursor ?? _reader.Position;
        _reader.Seek(_cursor);
        Interlocked.Add(ref _waiting, waiting);
        _journal.GoBack(_shard, _cursor);
        return null;
    }

    /// <summary>A mark covers it: it is in Redis though nobody saw the answer, or it was when the tracker started.</summary>
    private void Covered(JournalPosition end, int records)
    {
        if (end <= _furthest)
            return;
        _furthest = end;
        if (_looked)
            _metrics.Published(records);
        else
            _recovered -= records;
    }

    /// <summary>
    /// Redis has numbers of this journal that it never gave: it is older than it should be (restored from a copy), or somebody writes under
    /// its name. What was not published goes on under a fresh one.
    /// </summary>
    private bool Renumber(ulong producer, ulong from)
    {
        TrackerLog.ForeignNumbers(_log, _shard, producer);
        var last = Highest(producer);
        if (_journal.TryRenumber(_shard, producer, from, out var fresh))
        {
            Know(fresh, 0, last >= from && last != ulong.MaxValue ? last - from + 1 : 0);
            _given[producer] = ulong.MaxValue;
        }

        return false;
    }

    /// <summary>The highest number of a producer that Redis can have from here; all of them where its name was given up.</summary>
    private ulong Highest(ulong producer)
    {
        var numbers = _journal.NumbersOf(_shard);
        return _looked && numbers.Producer == producer ? numbers.Next - 1 : _given[producer];
    }

    private void Know(ulong producer, ulong had, ulong given)
    {
        if (!_had.TryAdd(producer, had))
            return;
        _given[producer] = given;
        _producers.Add(producer);
    }
}
