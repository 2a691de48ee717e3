using System.Runtime.InteropServices;

namespace Delivery.Mta.Spool;

/// <summary>
/// How many recipients each account has had taken on each day of UTC (days since 1970): in memory while a commit is put together, in
/// <c>account_day</c> with it, one row an account and commit however many jobs share it. Used by the writer's loop only.
/// </summary>
internal sealed class DayCounts
{
    private const long KeptDays = 40;
    private readonly Dictionary<(uint Account, long Day), long> _counts = [];
    private readonly HashSet<(uint Account, long Day)> _changed = [];
    private long _newest;

    public long Get(SpoolSession session, uint account, long day)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (account, day), out var known);
        if (known)
            return count;
        using var row = session.Read("SELECT recipients FROM account_day WHERE account = $1 AND day = $2", (long)account, day);
        return count = row.Read() ? row.GetInt64(0) : 0;
    }

    public void Add(SpoolSession session, uint account, long day, int recipients)
    {
        var count = Get(session, account, day) + recipients;
        _counts[(account, day)] = count;
        _changed.Add((account, day));
    }

    /// <summary>Writes what this commit has counted into it.</summary>
    public void Write(SpoolSession session)
    {
        foreach (var (account, day) in _changed)
        {
            session.Run(
                "INSERT INTO account_day (account, day, recipients) VALUES ($1, $2, $3) ON CONFLICT (account, day) DO UPDATE SET recipients = excluded.recipients",
                (long)account, day, _counts[(account, day)]);
            if (day <= _newest)
                continue;
            _newest = day;
            session.Run("DELETE FROM account_day WHERE day < $1", day - KeptDays);
        }

        _changed.Clear();
    }

    /// <summary>Forgets what was counted since the last commit, and what is of no more use once a day is over.</summary>
    public void Forget()
    {
        _counts.Clear();
        _changed.Clear();
    }

    /// <summary>Keeps the memory small: what is left out is read again.</summary>
    public void Trim()
    {
        const int Most = 10_000;
        if (_counts.Count > Most)
            _counts.Clear();
    }
}
