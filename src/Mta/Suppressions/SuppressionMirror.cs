using Delivery.Contracts;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions;

/// <summary>
/// This node's copy of the suppressions. Follows the log of changes several times a second, so that an unsubscribe holds within one. Keeps a snapshot
/// in the spool's folder, from which the next start goes on. Never forgets because Redis did: what a Redis has lost is written back to it.
/// Look-ups are thread-safe and touch no network.
/// </summary>
internal sealed class SuppressionMirror(
    IDatabaseAsync redis, IOptions<RedisOptions> redisOptions, IOptions<MtaOptions> options, SpoolDatabase spool, DueSuppressions due, TimeProvider time,
    ILogger<SuppressionMirror> log)
    : BackgroundService
{
    private const string SnapshotName = "suppressions";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FaultPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SnapshotEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly SuppressionKeys _keys = new(redisOptions.Value);
    private readonly SuppressionFollower _follower = new(redis, new SuppressionKeys(redisOptions.Value));
    private readonly string _path = Path.Combine(spool.Folder, SnapshotName);
    private SuppressionCopy _copy = new();
    private long _confirmedMs = long.MinValue;
    private int _losses;
    private bool _failing;
    private Task _writing = Task.CompletedTask;
    private SuppressionStand _written = SuppressionStand.None;
    private long _writtenAt;

    /// <summary>The copy was confirmed recently enough to send by it.</summary>
    public bool IsFresh =>
        time.GetUtcNow().ToUnixTimeMilliseconds() - Volatile.Read(ref _confirmedMs) is >= 0 and var age && age <= options.Value.SuppressionMaxAge.TotalMilliseconds;

    /// <summary>Since the copy was confirmed; null where it never was.</summary>
    public TimeSpan? Age => Volatile.Read(ref _confirmedMs) is > 0 and var confirmed
        ? TimeSpan.FromMilliseconds(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - confirmed)) : null;

    /// <summary>Bulk mail needs a fresh copy, mail that somebody waits for any.</summary>
    public bool MaySend(bool transactional) => IsFresh || (transactional && Copy.IsOfSomething);

    public int Count => Copy.Table.Count;

    /// <summary>How far the copy has followed the log.</summary>
    public SuppressionStand Stand => Copy.Stand;

    /// <summary>How often Redis was seen to have lost what it had.</summary>
    public int Losses => Volatile.Read(ref _losses);

    private SuppressionCopy Copy => Volatile.Read(ref _copy);

    /// <summary>The person gets no mail of this list, 0 for mail of none. Does not allocate.</summary>
    public bool Contains(uint account, in RecipientKey key, uint list) => due.Contains(account, key) || Copy.Table.Contains(account, key, list);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        ReadSnapshot();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        WriteSnapshot();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync().ConfigureAwait(false);
                Recovered();
                if (_writing.IsCompleted && time.GetElapsedTime(_writtenAt) >= SnapshotEvery)
                    _writing = Task.Run(WriteSnapshot, CancellationToken.None);
                await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or FormatException)
            {
                Failed(e);
                await Task.Delay(FaultPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FollowAsync()
    {
        var asked = time.GetUtcNow().ToUnixTimeMilliseconds();
        var old = Copy;
        var result = old.IsOfSomething ? await _follower.FollowAsync(old).ConfigureAwait(false) : FollowResult.TooFarBehind;
        if (result != FollowResult.CaughtUp)
        {
            var loaded = await LoadAsync().ConfigureAwait(false);
            if (result == FollowResult.RedisIsOlder)
                await RestoreAsync(old, loaded).ConfigureAwait(false);
            Volatile.Write(ref _copy, loaded);
        }

        Volatile.Write(ref _confirmedMs, asked);
    }

    /// <summary>A copy of all that Redis holds now. The old one serves until it is there.</summary>
    private async Task<SuppressionCopy> LoadAsync()
    {
        var loaded = await _follower.LoadAsync().ConfigureAwait(false);
        while (await _follower.FollowAsync(loaded).ConfigureAwait(false) != FollowResult.CaughtUp)
            loaded = await _follower.LoadAsync().ConfigureAwait(false);
        return loaded;
    }

    /// <summary>Writes back what Redis had and has no more, since when is now; then others that lost it can be told too.</summary>
    private async Task RestoreAsync(SuppressionCopy old, SuppressionCopy loaded)
    {
        var lost = old.Table.Without(loaded.Table);
        Log.RedisLostSuppressions(log, old.Stand.Version, loaded.Stand.Version, old.Stand.Epoch == loaded.Stand.Epoch ? "an older state" : "another state", lost.Count);
        lost.Sort((one, other) => one.Account.CompareTo(other.Account));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = new List<SuppressedRecipient>(SuppressionScript.MostAtOnce);
        for (var i = 0; i < lost.Count; i++)
        {
            batch.Add(new SuppressedRecipient(lost[i].Key, new SuppressedFor(lost[i].Reason, lost[i].List, now)));
            if (batch.Count < SuppressionScript.MostAtOnce && i + 1 < lost.Count && lost[i + 1].Account == lost[i].Account)
                continue;
            await SuppressionScript.AddAsync(redis, _keys, lost[i].Account, batch, Deadline).ConfigureAwait(false);
            batch.Clear();
        }

        if (await _follower.FollowAsync(loaded).ConfigureAwait(false) != FollowResult.CaughtUp)
        {
            foreach (var slot in lost)
                loaded.Table.Add(slot);
        }

        Interlocked.Increment(ref _losses);
        Log.SuppressionsRestored(log, lost.Count);
    }

    private void ReadSnapshot()
    {
        try
        {
            if (SuppressionSnapshot.Read(_path) is { } copy)
            {
                Volatile.Write(ref _copy, copy);
                _written = copy.Stand;
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Log.SnapshotUnreadable(log, _path, e.Message);
        }

        _writtenAt = time.GetTimestamp();
    }

    private void WriteSnapshot()
    {
        _writtenAt = time.GetTimestamp();
        var copy = Copy;
        var stand = copy.Stand;
        if (stand == _written || !copy.IsOfSomething)
            return;
        try
        {
            SuppressionSnapshot.Write(_path, copy);
            _written = stand;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.SnapshotNotWritten(log, e.Message);
        }
    }

    private void Failed(Exception e)
    {
        if (_failing)
            return;
        _failing = true;
        Log.MirrorFails(log, e.GetType().Name, e.Message);
    }

    private void Recovered()
    {
        if (!_failing)
            return;
        _failing = false;
        Log.MirrorGoesOn(log, Count);
    }
}
