using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Delivery.Mta.Spool;

/// <summary>
/// A prepared statement with <c>$1 … $n</c>, bound and stepped without a command around it: an insert costs half as much so.
/// Not thread-safe.
/// </summary>
internal sealed class SpoolStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    public SpoolStatement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out _statement), database);
        _places = new int[raw.sqlite3_bind_parameter_count(_statement)];
        for (var i = 0; i < _places.Length; i++)
            _places[i] = raw.sqlite3_bind_parameter_index(_statement, string.Create(CultureInfo.InvariantCulture, $"${i + 1}"));
    }

    /// <summary>Runs to the end; null is NULL. Returns the rows changed.</summary>
    /// <exception cref="SqliteException">It failed; whether the transaction still stands depends on the code.</exception>
    public int Run(ReadOnlySpan<object?> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
            Bind(_places[i], parameters[i]);
        int code;
        do
            code = raw.sqlite3_step(_statement);
        while (code == raw.SQLITE_ROW);
        var reset = raw.sqlite3_reset(_statement);
        SqliteException.ThrowExceptionForRC(code == raw.SQLITE_DONE ? reset : code, _database);
        return raw.sqlite3_changes(_database);
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(int place, object? value)
    {
        var code = value switch
        {
            null => raw.sqlite3_bind_null(_statement, place),
            long number => raw.sqlite3_bind_int64(_statement, place, number),
            int number => raw.sqlite3_bind_int64(_statement, place, number),
            double number => raw.sqlite3_bind_double(_statement, place, number),
            string text => raw.sqlite3_bind_text(_statement, place, text),
            byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, place, 0),
            byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
            _ => throw new ArgumentException($"A {value.GetType().Name} cannot be bound."),
        };
        SqliteException.ThrowExceptionForRC(code, _database);
    }
}
