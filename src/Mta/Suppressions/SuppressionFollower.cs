using System.Globalization;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions;

/// <summary>Gets a copy of the suppressions out of Redis, a page at a time so that Redis serves others between, and keeps it up to date. Not thread-safe.</summary>
internal sealed class SuppressionFollower(IDatabaseAsync redis, SuppressionKeys keys)
{
    private const int Page = 2_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly List<LoggedChange> _changes = new(Page + 1);
    private readonly List<SuppressedFor> _reasons = [];

    /// <summary>A copy of all that Redis holds, as of a moment during the call; follow it to have it exact.</summary>
    /// <exception cref="RedisException">Redis did not answer; also <see cref="TimeoutException"/> and <see cref="FormatException"/>.</exception>
    public async Task<SuppressionCopy> LoadAsync()
    {
        var copy = new SuppressionCopy { Stand = await SuppressionLog.StandAsync(redis, keys, Deadline).ConfigureAwait(false) };
        foreach (var member in await redis.SetMembersAsync(keys.Accounts).WaitAsync(Deadline).ConfigureAwait(false))
            await LoadAsync(uint.Parse((string)member!, CultureInfo.InvariantCulture), copy.Table).ConfigureAwait(false);
        return copy;
    }

    /// <summary>Brings the copy up to what Redis holds now.</summary>
    /// <exception cref="RedisException">Redis did not answer; also <see cref="TimeoutException"/> and <see cref="FormatException"/>.</exception>
    public async Task<FollowResult> FollowAsync(SuppressionCopy copy)
    {
        while (true)
        {
            var stand = copy.Stand;
            var now = await SuppressionLog.ReadAsync(redis, keys, stand.Place, Page + 1, _changes, Deadline).ConfigureAwait(false);
            if (now.Epoch != stand.Epoch || now.Version < stand.Version)
                return FollowResult.RedisIsOlder;
            // The newest change is never trimmed: where the log has others than the one that the copy ends with, Redis went another way.
            var first = _changes.Count > 0 && _changes[0].Place == stand.Place ? 1 : 0;
            if (now.Version == stand.Version)
                return first == 1 || (_changes.Count == 0 && stand.Place == SuppressionLog.Start) ? FollowResult.CaughtUp : FollowResult.RedisIsOlder;
            if (_changes.Count <= first)
                return FollowResult.TooFarBehind;
            if (_changes[first].Version != stand.Version + 1)
                return _changes[first].Version > stand.Version ? FollowResult.TooFarBehind : FollowResult.RedisIsOlder;
            for (var i = first; i < _changes.Count; i++)
                Apply(copy.Table, _changes[i]);
            copy.Stand = new SuppressionStand(stand.Epoch, _changes[^1].Version, now.Place);
        }
    }

    private async Task LoadAsync(uint account, SuppressionTable table)
    {
        var cursor = "0";
        do
        {
            var page = (RedisResult[])(await redis.ExecuteAsync("HSCAN", keys.Of(account), cursor, "COUNT", Page).WaitAsync(Deadline).ConfigureAwait(false))!;
            cursor = (string)page[0]!;
            var pairs = (RedisValue[])page[1]!;
            for (var i = 0; i + 1 < pairs.Length; i += 2)
            {
                if (!RecipientKey.TryParse((string)pairs[i]!, out var key))
                    continue;
                _reasons.Clear();
                SuppressionValue.Parse((string?)pairs[i + 1], _reasons);
                foreach (var why in _reasons)
                    table.Add(new SuppressionSlot(key.High, key.Low, account, why.List, why.Reason));
            }
        }
        while (cursor != "0");
    }

    private void Apply(SuppressionTable table, in LoggedChange change)
    {
        _reasons.Clear();
        SuppressionValue.Parse(change.Value, _reasons);
        table.Replace(change.Account, change.Recipient, _reasons);
    }
}
