using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// A connection that is kept between requests, with its temporary tables and what SET and USE have set. What comes with
/// a request's URL holds for that request alone and is put back after it. Taken by one request at a time.
/// </summary>
internal sealed class Session : IDisposable
{
    /// <summary>Settings that the front itself changes for an INSERT of VALUES.</summary>
    private const string SetForValues = "'input_format_values_interpret_expressions', 'input_format_values_deduce_templates_of_expressions'";

    private EngineConnection? _connection;
    private string? _restore;

    /// <summary>A timestamp; counts while no request has the session.</summary>
    public long ExpiresAt { get; set; }

    public bool Taken { get; set; }

    /// <summary>It cannot be put back into order and must not be used again.</summary>
    public bool Broken { get; private set; }

    /// <summary>Opens the connection at the first request, and sets what holds for this request. Blocks.</summary>
    /// <exception cref="EngineException">A setting or the database is refused.</exception>
    public EngineConnection Prepare(EngineHost engine, IReadOnlyList<KeyValuePair<string, string>> settings, string database)
    {
        var connection = _connection ??= engine.Open([]);
        var names = string.Join(", ", settings.Select(setting => $"'{setting.Key}'").Append(SetForValues));
        _restore = "SET " + Read(connection, $"SELECT arrayStringConcat(groupArray(concat(name, ' = \\'', replaceAll(replaceAll(value, '\\\\', '\\\\\\\\'), '\\'', '\\\\\\''), '\\'')), ', ') FROM system.settings WHERE name IN ({names})");
        var current = database.Length == 0 ? string.Empty : Read(connection, "SELECT currentDatabase()");
        Run(connection, "SET " + string.Join(", ", settings.Select(setting => $"{setting.Key} = '{Escape(setting.Value)}'")));
        if (database.Length > 0)
        {
            Run(connection, "USE " + Name(database));
            _restore += ";USE " + Name(current);
        }

        return connection;
    }

    /// <summary>Puts back what <see cref="Prepare"/> has set. Blocks.</summary>
    public void Restore()
    {
        if (_connection is null || _restore is null) return;
        try
        {
            var use = _restore.LastIndexOf(";USE ", StringComparison.Ordinal);
            Run(_connection, use < 0 ? _restore : _restore[..use]);
            if (use >= 0) Run(_connection, _restore[(use + 1)..]);
        }
        catch (EngineException)
        {
            Broken = true;
        }

        _restore = null;
    }

    public void Dispose()
    {
        var open = _connection;
        _connection = null;
        open?.Dispose();
    }

    private static void Run(EngineConnection connection, string sql) => connection.Query(sql, "Null", StatementParameters.None).Dispose();

    private static string Read(EngineConnection connection, string sql)
    {
        using var result = connection.Query(sql, "TabSeparatedRaw", StatementParameters.None);
        return Encoding.UTF8.GetString(result.Data.Span).TrimEnd('\n');
    }

    private static string Name(string database) =>
        "`" + database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal) + "`";

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}
