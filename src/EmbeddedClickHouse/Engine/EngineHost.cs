using System.Globalization;
using System.Text;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// The engine of this process over one data folder. It holds a connection of its own for as long as the process serves:
/// the engine shuts down with its last connection and must not be booted twice. Thread-safe.
/// </summary>
internal sealed class EngineHost : IDisposable
{
    private readonly EngineConnection _keeper;
    private readonly FileStream _lock;
    private const int FailuresBeforeEnd = 5;
    private readonly List<string> _defaults;
    private readonly CancellationTokenSource _broken = new();
    private int _failures;

    private EngineHost(string path, EngineConnection keeper, FileStream @lock, List<string> defaults)
    {
        _keeper = keeper;
        _lock = @lock;
        _defaults = defaults;
        Path = path;
        Version = ReadLines("SELECT version()")[0];
        TimeZone = ReadLines("SELECT timezone()")[0];
        HostName = ReadLines("SELECT hostName()")[0];
        Settings = ReadLines("SELECT name FROM system.settings").ToHashSet(StringComparer.Ordinal);
        OutputFormats = ReadLines("SELECT name FROM system.formats WHERE is_output").ToHashSet(StringComparer.OrdinalIgnoreCase);
        StorageEngines = ReadLines("SELECT name FROM system.table_engines UNION ALL SELECT name FROM system.database_engines").ToHashSet(StringComparer.Ordinal);
        TableFunctions = ReadLines("SELECT name FROM system.table_functions").ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The data folder, absolute.</summary>
    public string Path { get; }

    public string Version { get; }

    public string TimeZone { get; }

    public string HostName { get; }

    /// <summary>Every setting this engine knows. A name outside it is silently ignored by the engine, so it is checked here.</summary>
    public IReadOnlySet<string> Settings { get; }

    public IReadOnlySet<string> OutputFormats { get; }

    public IReadOnlySet<string> TableFunctions { get; }

    /// <summary>Engines of tables and of databases.</summary>
    public IReadOnlySet<string> StorageEngines { get; }

    /// <summary>Connections could not be opened several times in a row: only a new process can serve again.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <exception cref="EngineStartException">There is no library, the folder is in use, or the engine refuses the folder.</exception>
    public static EngineHost Start(EngineOptions options)
    {
        var library = EngineLibrary.Find(options.Library) ?? throw new EngineStartException(
            options.Library is null
                ? "libchdb.so is not there. Run `./delivery tools` to install it, or set EmbeddedClickHouse:Library."
                : $"EmbeddedClickHouse:Library names {options.Library}, which is not there. Run `./delivery tools` and leave the setting out, or name the right file.");
        var path = System.IO.Path.GetFullPath(options.Path);
        var folder = Directory.CreateDirectory(path);
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var file = TakeLock(path);
        EngineLibrary.Load(System.IO.Path.GetFullPath(library));

        // The engine takes the name of a file in the current folder for a table, so that folder is made an empty one.
        if (!options.AllowExternalSources) Environment.CurrentDirectory = Directory.CreateDirectory(System.IO.Path.Combine(path, "user_files")).FullName;
        var memory = options.MaxMemoryBytes.ToString(CultureInfo.InvariantCulture);

        // chdb boots as clickhouse-local does; these bring the defaults back to a server's.
        List<string> defaults =
        [
            "clickhouse", "--path=" + path, "--async_insert=0", "--implicit_select=0", "--allow_introspection_functions=0",
            "--storage_file_read_method=pread", "--max_memory_usage=" + memory,
        ];
        string[] access = AccessFile.IsNeeded(options) ? ["--config-file=" + AccessFile.Write(path, options)] : [];
        var handlers = new SignalHandlers();
        var keeper = EngineConnection.TryOpen([.. defaults, "--max_server_memory_usage=" + memory, .. access]);
        handlers.Restore();
        if (keeper is null)
        {
            file.Dispose();
            throw new EngineStartException($"The engine cannot open {path}; its own message stands above. Set EmbeddedClickHouse:Path to a folder that this user may write to and that no other server uses.");
        }

        return new EngineHost(path, keeper, file, defaults);
    }

    /// <summary>A connection with these settings on top of the defaults; names must be in <see cref="Settings"/>. The caller disposes it.</summary>
    /// <exception cref="EngineException">A value is not one of its setting.</exception>
    public EngineConnection Open(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var arguments = new List<string>(_defaults.Count + settings.Count);
        arguments.AddRange(_defaults);
        foreach (var (name, value) in settings) arguments.Add("--" + name + "=" + value);
        if (EngineConnection.TryOpen(arguments) is { } connection)
        {
            _failures = 0;
            return connection;
        }

        if (FindBadSetting(settings) is { } error) throw error;
        if (Interlocked.Increment(ref _failures) >= FailuresBeforeEnd) _broken.Cancel();
        throw EngineException.Of(1002, "UNKNOWN_EXCEPTION", "The engine opens no further connection");
    }

    /// <summary>Asks the engine for something that needs nothing but the engine. Blocks.</summary>
    /// <exception cref="EngineException">It does not answer.</exception>
    public void Probe()
    {
        using var connection = Open([]);
        connection.Query("SELECT 1", "Null", StatementParameters.None).Dispose();
    }

    /// <summary>Stops the statements whose log_comment begins with this mark. They end with QUERY_WAS_CANCELLED soon after.</summary>
    public void Kill(string mark)
    {
        using var connection = Open([]);
        using var result = connection.Query(
            "KILL QUERY WHERE startsWith(Settings['log_comment'], {mark:String}) ASYNC", "Null", new StatementParameters(["mark"], [mark]));
    }

    public void Dispose()
    {
        _keeper.Dispose();
        _ = ChdbNative.Shutdown();
        _lock.Dispose();
        _broken.Dispose();
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "front.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new EngineStartException($"{path} is in use by another process. Stop that one, or set EmbeddedClickHouse:Path to another folder.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new EngineStartException($"{path} cannot be written. Set EmbeddedClickHouse:Path to a folder that this user may write to.");
        }
    }

    /// <summary>Null when the settings are not to blame.</summary>
    private EngineException? FindBadSetting(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        foreach (var (name, value) in settings)
        {
            using var connection = EngineConnection.TryOpen(_defaults);
            if (connection is null) return null;
            try
            {
                var quoted = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
                connection.Query($"SET {name} = '{quoted}'", "Null", StatementParameters.None).Dispose();
            }
            catch (EngineException error)
            {
                return error;
            }
        }

        using var plain = EngineConnection.TryOpen(_defaults);
        return plain is null ? null : EngineException.Of(36, "BAD_ARGUMENTS", "The engine refused the settings of this request");
    }

    private List<string> ReadLines(string sql)
    {
        using var result = _keeper.Query(sql, "TabSeparatedRaw", StatementParameters.None);
        return [.. Encoding.UTF8.GetString(result.Data.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
