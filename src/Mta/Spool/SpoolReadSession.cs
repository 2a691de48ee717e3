using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Spool;

/// <summary>
/// A connection that reads, with its prepared statements. Goes back to its pool when disposed of. Each statement sees the latest commit,
/// as long as the reader of the one before was disposed of.
/// </summary>
internal sealed class SpoolReadSession(SqliteConnection connection, ConcurrentQueue<SpoolReadSession> pool) : IDisposable
{
    /// <summary>Connections kept open, each with up to 2 MB of pages.</summary>
    private const int Kept = 16;

    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <summary>Binds <c>$1 … $n</c>. The caller disposes of the reader before the session.</summary>
    public SqliteDataReader Read(string sql, params ReadOnlySpan<object> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= parameters.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i];
        return command.ExecuteReader();
    }

    public void Dispose()
    {
        if (pool.Count < Kept)
            pool.Enqueue(this);
        else
            Close();
    }

    /// <summary>Closes the connection.</summary>
    public void Close()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }
}
