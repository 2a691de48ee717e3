using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Spool;

/// <summary>
/// What a write works with inside the current commit: prepared statements and the outbox's numbers. Used by the writer's loop only.
/// </summary>
internal sealed class SpoolSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _queries = [];
    private readonly Dictionary<string, SpoolStatement> _statements = [];
    private readonly Dictionary<int, ulong> _next = [];
    private readonly HashSet<int> _numbered = [];
    private readonly DayCounts _days = new();
    private SqliteTransaction? _transaction;
    private bool _numbersKnown;
    private long _opened;
    private long _accepted;
    private long _rejected;

    public SpoolSession(SqliteConnection connection)
    {
        _connection = connection;
        LoadNumbers();
        OpenRecipients = CountOpen();
    }

    /// <summary>Recipients without an outcome, over all jobs, as of the last commit.</summary>
    public long OpenRecipients { get; private set; }

    /// <summary>True once something was put into the outbox in this commit.</summary>
    public bool HasEvents => _numbered.Count > 0;

    /// <summary>Recipients that the last commit took, and those that came with them and were rejected.</summary>
    public (long Accepted, long Rejected) Taken { get; private set; }

    public UnknownReplyRows UnknownReplies { get; } = new();

    public void Begin()
    {
        _numbered.Clear();
        _opened = 0;
        _accepted = 0;
        _rejected = 0;
        if (!_numbersKnown)
            LoadNumbers();
        _transaction = _connection.BeginTransaction(deferred: false);
    }

    /// <summary>On return all of the transaction is on disk, fsynced.</summary>
    /// <exception cref="SqliteException">Nothing of it is, for example code 13: the disk is full.</exception>
    public void Commit()
    {
        _days.Write(this);
        foreach (var shard in _numbered)
        {
            Run("INSERT INTO outbox_next (shard, number) VALUES ($1, $2) ON CONFLICT (shard) DO UPDATE SET number = excluded.number",
                shard, (long)_next[shard]);
        }

        _transaction!.Commit();
        OpenRecipients += _opened;
        Taken = (_accepted, _rejected);
        _days.Trim();
        End();
    }

    /// <summary>Takes everything of the transaction back. The numbers are read again before the next one begins: going on with others would lose events.</summary>
    public void Rollback()
    {
        _numbersKnown = false;
        _days.Forget();
        try
        {
            _transaction?.Rollback();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk.
        }

        End();
    }

    /// <summary>After a full disk: brings what is in the log into the database and gives the log's place back, as far as that can be done.</summary>
    public void ShrinkLog()
    {
        using var row = Read("PRAGMA wal_checkpoint(TRUNCATE)");
        row.Read();
    }

    /// <summary>Counts recipients that came without an outcome, or (below 0) got theirs, in this commit.</summary>
    public void Opened(long recipients)
    {
        _opened += recipients;
        _accepted += Math.Max(0, recipients);
    }

    /// <summary>Counts recipients that were not taken, in this commit.</summary>
    public void Rejected(long recipients) => _rejected += recipients;

    /// <summary>Recipients that the account has had taken on a day of UTC, those of this commit among them.</summary>
    public long CountOfDay(uint account, long day) => _days.Get(this, account, day);

    /// <summary>Counts recipients that the account has taken in this commit.</summary>
    public void CountDay(uint account, long day, int recipients) => _days.Add(this, account, day, recipients);

    /// <summary>Puts a packed entry into the outbox under the next numbers of its shard.</summary>
    public void Publish(in OutboxEntry entry)
    {
        var first = _next.GetValueOrDefault(entry.Shard, 1UL);
        Run("INSERT INTO outbox (shard, first, count, records) VALUES ($1, $2, $3, $4)", entry.Shard, (long)first, entry.Count, entry.Records);
        _next[entry.Shard] = first + (ulong)entry.Count;
        _numbered.Add(entry.Shard);
    }

    /// <summary>Runs a statement with <c>$1 … $n</c> as parameters; null is NULL. Returns the rows changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> parameters)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new SpoolStatement(_connection.Handle!, sql));
        return statement.Run(parameters);
    }

    /// <summary>The caller disposes of the reader before the next statement.</summary>
    public SqliteDataReader Read(string sql, params ReadOnlySpan<object?> parameters) => Bind(sql, parameters).ExecuteReader();

    public void Dispose()
    {
        foreach (var query in _queries.Values)
            query.Dispose();
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_queries.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= parameters.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _queries.Add(sql, command);
        }

        command.Transaction = _transaction;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        return command;
    }

    private void LoadNumbers()
    {
        _next.Clear();
        using var rows = Read("SELECT shard, number FROM outbox_next");
        while (rows.Read())
            _next[rows.GetInt32(0)] = (ulong)rows.GetInt64(1);
        _numbersKnown = true;
    }

    private long CountOpen()
    {
        using var row = Read(
            "SELECT coalesce(sum(accepted - delivered - bounced - expired - dropped), 0) FROM job WHERE delivered + bounced + expired + dropped < accepted");
        row.Read();
        return row.GetInt64(0);
    }

    private void End()
    {
        _transaction?.Dispose();
        _transaction = null;
    }
}
