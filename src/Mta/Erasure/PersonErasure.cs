using System.Globalization;
using Delivery.Contracts;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Erasure;

/// <summary>
/// Erases a person from this Mta: suppressed first, so that nothing new leaves; then ended where mail still waits; then out of the spool's rows and its file, and
/// the events that tell of them out of the outbox. Each step may be repeated, so a call that was cut off is simply made again. One at a time. Thread-safe.
/// </summary>
internal sealed class PersonErasure(
    PersonSearch search, SpoolReader reader, SpoolWriter writer, SpoolScrub scrub, SuppressionMirror suppressions, InFlight inFlight, JobTable jobs, MtaMetrics metrics,
    IDatabaseAsync redis, IOptions<RedisOptions> redisOptions, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ForTurns = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RedisDeadline = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1);

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What the spool has of the person; changes nothing.</summary>
    public PersonErased Find(ErasureRequest request)
    {
        var keys = Keys(request);
        var people = search.Recipients(request.Account, keys);
        return Answer(request, keys, people, search.Rejections(Target(request, keys, people)).Count);
    }

    /// <exception cref="RedisException">The person could not be suppressed; nothing was erased.</exception>
    /// <exception cref="TimeoutException">The same.</exception>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk refused; what was done stands.</exception>
    public async Task<PersonErased> EraseAsync(ErasureRequest request, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await EraseOneAsync(request, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<PersonErased> EraseOneAsync(ErasureRequest request, CancellationToken cancellation)
    {
        var keys = Keys(request);
        await SuppressAsync(request.Account, keys, cancellation).ConfigureAwait(false);
        var people = search.Recipients(request.Account, keys);
        var target = Target(request, keys, people);
        var (ended, flying) = await EndAsync(request.Account, people, cancellation).ConfigureAwait(false);
        await writer.CommitAsync(new BlankRecipients(people), CancellationToken.None).ConfigureAwait(false);
        var toEnd = await TurnsAsync(people, cancellation).ConfigureAwait(false);
        var rejections = search.Rejections(target);
        var mentions = new BlankMentions(target, rejections, [.. people.Select(one => one.Job).Distinct()]);
        await writer.CommitAsync(mentions, CancellationToken.None).ConfigureAwait(false);
        var published = await PublishedAsync(cancellation).ConfigureAwait(false);
        var compacted = await scrub.RunAsync(target.Addresses, cancellation).ConfigureAwait(false);
        var pending = flying > 0 ? $"{flying} messages are on the wire: erase again when they have an outcome"
            : toEnd > 0 ? $"{toEnd} messages of unfinished jobs wait for their turn to be dropped: erase again, by the address, when those jobs are finished"
            : !published ? "events wait in the outbox for Redis to take, and keep, them: erase again when it does"
            : null;
        return Answer(request, keys, people, rejections.Count) with
        {
            Ended = ended, ToEnd = toEnd, Answers = mentions.Answers, Contents = mentions.Contents, Replies = mentions.Replies, Suppressed = true,
            Compacted = compacted, Complete = pending is null, Pending = pending,
        };
    }

    private HashSet<RecipientKey> Keys(ErasureRequest request)
    {
        var keys = request.Keys.ToHashSet();
        if (request.UpstreamId is { } id)
            keys.UnionWith(search.KeysOf(request.Account, id));
        return keys;
    }

    private static ErasureTarget Target(ErasureRequest request, HashSet<RecipientKey> keys, List<SpooledPerson> people)
    {
        var addresses = people.Select(one => one.Email).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (request.Email is { } email)
        {
            addresses.Add(email.Trim());
            addresses.Add(RecipientKey.Normalize(email));
        }

        addresses.Remove(BlankRecipients.Address);
        return new ErasureTarget(request.Account, keys, addresses);
    }

    private static PersonErased Answer(ErasureRequest request, HashSet<RecipientKey> keys, List<SpooledPerson> people, int rejections) =>
        new(request.Account, [.. keys.Select(key => key.ToString()).Order(StringComparer.Ordinal)], people.Count, 0, people.Count(one => one.State <= RecipientState.Deferred),
            rejections, 0, 0, 0, Suppressed: false, Compacted: false, Complete: false, null);

    /// <summary>Returns once this Mta's own copy has it too. Caps of how often the person was written to go.</summary>
    private async Task SuppressAsync(uint account, HashSet<RecipientKey> keys, CancellationToken cancellation)
    {
        var where = new SuppressionKeys(redisOptions.Value);
        foreach (var key in keys)
        {
            await SuppressionScript.AddAsync(redis, where, account, key, SuppressionReason.Erased, 0, NowMs, RedisDeadline).ConfigureAwait(false);
            var cap = string.Create(CultureInfo.InvariantCulture, $"{redisOptions.Value.Prefix}{{cap:{account}}}:{key}");
            await redis.KeyDeleteAsync(cap).WaitAsync(RedisDeadline, cancellation).ConfigureAwait(false);
        }

        for (var began = time.GetTimestamp(); keys.Any(key => !suppressions.Contains(account, key, 0));)
        {
            if (time.GetElapsedTime(began) > Longest)
                throw new TimeoutException("The copy of the suppressions does not follow Redis.");
            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends those who wait, and waits for those on the wire. Returns how many were ended, and how many are still on the wire.</summary>
    private async Task<(int Ended, int Flying)> EndAsync(uint account, List<SpooledPerson> people, CancellationToken cancellation)
    {
        var ended = 0;
        for (var began = time.GetTimestamp(); ; await Task.Delay(Poll, time, cancellation).ConfigureAwait(false))
        {
            var waiting = people.FindAll(one => one.State <= RecipientState.Deferred);
            if (waiting.Count == 0)
                return (0, 0);
            var write = new EndErased(account, waiting, redisOptions.Value.Shards, NowMs);
            await writer.CommitAsync(write, CancellationToken.None).ConfigureAwait(false);
            metrics.Ended(write.Outcomes);
            foreach (var one in write.Outcomes)
            {
                if (jobs.Find(one.Recipient.Job) is { } job)
                    jobs.Finish(job, 1);
            }

            ended += write.Outcomes.Count;
            var wanted = people.Select(one => (one.Job, one.Ordinal)).ToHashSet();
            var flying = inFlight.Recipients().Count(one => wanted.Contains((one.Job, one.Ordinal)));
            if (flying == 0 || time.GetElapsedTime(began) > Longest)
                return (ended, flying);
        }
    }

    /// <summary>Gives running jobs a moment to come to those of theirs who were never claimed. Returns how many still wait for that.</summary>
    private async Task<int> TurnsAsync(List<SpooledPerson> people, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(Poll, time, cancellation).ConfigureAwait(false))
        {
            var open = people.Count(one => one.State <= RecipientState.Deferred && reader.Recipient(one.Job, one.Ordinal) is { State: <= RecipientState.Deferred });
            if (open == 0 || time.GetElapsedTime(began) > ForTurns)
                return open;
        }
    }

    /// <summary>False where the outbox still holds what is in it now: it goes once Redis has had it for a while.</summary>
    private async Task<bool> PublishedAsync(CancellationToken cancellation)
    {
        var marks = OutboxMarks();
        for (var began = time.GetTimestamp(); ; await Task.Delay(Poll, time, cancellation).ConfigureAwait(false))
        {
            if (!StillThere(marks))
                return true;
            if (time.GetElapsedTime(began) > Longest)
                return false;
        }
    }

    private List<(long Shard, long Last)> OutboxMarks()
    {
        var marks = new List<(long, long)>();
        using var session = reader.Rent();
        using var row = session.Read("SELECT shard, max(first) FROM outbox GROUP BY shard");
        while (row.Read())
            marks.Add((row.GetInt64(0), row.GetInt64(1)));
        return marks;
    }

    private bool StillThere(List<(long Shard, long Last)> marks)
    {
        using var session = reader.Rent();
        foreach (var (shard, last) in marks)
        {
            using var row = session.Read("SELECT 1 FROM outbox WHERE shard = $1 AND first <= $2 LIMIT 1", shard, last);
            if (row.Read())
                return true;
        }

        return false;
    }
}
