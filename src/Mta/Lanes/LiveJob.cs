using Delivery.Mta.Spool;

namespace Delivery.Mta.Lanes;

/// <summary>
/// A started job with recipients that have no outcome, as it runs. What was decided about it (<see cref="Hold"/>) and its counts are thread-safe;
/// <see cref="Next"/> and what belongs to its turns are of one loop at a time: the feeder's, and once it ends, that of <see cref="JobEndings"/>.
/// </summary>
internal sealed class LiveJob(UnfinishedJob spooled, Pace? own, Pace? account)
{
    /// <summary>What a job with a rate has in flight at most: enough for a relay that answers within this time.</summary>
    private const double FlightSeconds = 1;

    private const int LeastFlight = 16;

    private readonly Queue<ClaimedChunk> _chunks = new();
    private volatile JobHold _hold = spooled.Hold;
    private long _nextDueMs = spooled.NextDueMs;
    private long _open = spooled.Open;
    private int _inFlight;
    private int _poked;

    public ulong Id { get; } = spooled.Id;

    public uint Account { get; } = spooled.Account;

    public bool Transactional { get; } = spooled.Transactional;

    public long NotBeforeMs { get; } = spooled.NotBeforeMs;

    /// <summary><see cref="long.MaxValue"/> for none.</summary>
    public long ExpiresMs { get; } = spooled.ExpiresMs;

    /// <summary>The first recipient that was never claimed.</summary>
    public uint Next { get; private set; } = spooled.Next;

    public uint End { get; } = spooled.Accepted;

    /// <summary>Once cancelled it stays so.</summary>
    public JobHold Hold
    {
        get => _hold;
        set => _hold = _hold == JobHold.Cancelled ? JobHold.Cancelled : value;
    }

    /// <summary>Recipients without an outcome on disk.</summary>
    public long Open => Volatile.Read(ref _open);

    /// <summary>No later than the due time of the first retry; <see cref="long.MaxValue"/> where none waits.</summary>
    public long NextDueMs => Volatile.Read(ref _nextDueMs);

    /// <summary>Of <see cref="JobQueue"/> alone.</summary>
    internal JobPlace Place { get; set; }

    /// <summary>Of <see cref="JobQueue"/> alone: until when it waits; tells which of its entries counts.</summary>
    internal long WakeMs { get; set; }

    /// <summary>Of <see cref="JobQueue"/> alone: rises with each turn of any job, so that of two that wait for one rate the one that waited longer goes first.</summary>
    internal long LastTurn { get; set; }

    /// <summary>Of the feeder alone: nothing of it is claimed before.</summary>
    internal long RestUntilMs { get; set; }

    /// <summary>Nobody without an outcome is to be sent to any more.</summary>
    public bool IsEnding(long nowMs) => _hold == JobHold.Cancelled || nowMs >= ExpiresMs;

    /// <summary>No fewer than could be claimed of it now.</summary>
    public int Wanted(long nowMs) => (int)Math.Clamp(NextDueMs <= nowMs ? Open : End - Next, 1, int.MaxValue);

    /// <summary>How many of up to <paramref name="wanted"/> may leave now, by its rate and its account's.</summary>
    public int Quota(int wanted)
    {
        if (own is not null)
            wanted = Math.Min(own.Available(wanted), FlightRoom(own));
        return account is null || Transactional || wanted <= 0 ? wanted : account.Available(wanted);
    }

    /// <summary>So many are on their way to the wire.</summary>
    public void Charge(int messages)
    {
        own?.Charge(messages);
        account?.Charge(messages);
        Interlocked.Add(ref _inFlight, messages);
    }

    /// <summary>How long until there may be a quota again; zero where there is one.</summary>
    public TimeSpan QuotaIn()
    {
        var wait = own is null ? TimeSpan.Zero : own.NextSlice();
        if (own is not null && FlightRoom(own) <= 0)
            wait = TimeSpan.FromMilliseconds(Math.Max(wait.TotalMilliseconds, Pace.SliceMs));
        return account is null || Transactional || account.NextSlice() is var other && other <= wait ? wait : other;
    }

    /// <summary>When something of it can leave, by the wall clock; <see cref="long.MaxValue"/> where somebody has to say so first.</summary>
    public long ReadyAt(long nowMs)
    {
        if (_hold != JobHold.None)
            return long.MaxValue;
        if (nowMs < Math.Max(NotBeforeMs, RestUntilMs))
            return Math.Max(NotBeforeMs, RestUntilMs);
        var due = Next < End ? nowMs : NextDueMs;
        return due > nowMs ? due : nowMs + (long)Math.Ceiling(QuotaIn().TotalMilliseconds);
    }

    /// <summary>The recipients from <see cref="Next"/> to before <paramref name="end"/> are claimed, on disk; the chunk goes with each of those that are on their way.</summary>
    public ClaimedChunk Claimed(uint end, int onTheirWay)
    {
        var chunk = new ClaimedChunk(Next, onTheirWay);
        _chunks.Enqueue(chunk);
        Next = end;
        return chunk;
    }

    /// <summary>All recipients below have an outcome on disk, or wait for another attempt.</summary>
    public uint Settled()
    {
        while (_chunks.TryPeek(out var first) && first.IsSettled)
            _chunks.Dequeue();
        return _chunks.TryPeek(out var open) ? open.First : Next;
    }

    /// <summary>All that is due is about to be looked for: what comes from here on is told by <see cref="DueAt"/>.</summary>
    public void LookForDue() => Interlocked.Exchange(ref _nextDueMs, long.MaxValue);

    /// <summary>A recipient is due at that time.</summary>
    public void DueAt(long dueMs)
    {
        var known = Volatile.Read(ref _nextDueMs);
        while (dueMs < known)
        {
            var seen = Interlocked.CompareExchange(ref _nextDueMs, dueMs, known);
            if (seen == known)
                return;
            known = seen;
        }
    }

    /// <summary>One that was on its way is back: with an outcome on disk, or to wait.</summary>
    public void Landed() => Interlocked.Decrement(ref _inFlight);

    /// <summary>So many have their outcome on disk. True where they were the last ones.</summary>
    public bool Finish(int recipients) => recipients > 0 && Interlocked.Add(ref _open, -recipients) <= 0;

    /// <summary>True where nobody else has poked it since <see cref="Unpoke"/>.</summary>
    public bool Poke() => Interlocked.Exchange(ref _poked, 1) == 0;

    public void Unpoke() => Volatile.Write(ref _poked, 0);

    private int FlightRoom(Pace pace) => (int)Math.Max(LeastFlight, pace.PerSecond * FlightSeconds) - Volatile.Read(ref _inFlight);
}
