using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Spool;

/// <summary>
/// The spool's file: SQLite in WAL mode, an fsync with every commit (<c>synchronous=FULL</c>). One Mta owns it; a second one is refused.
/// </summary>
internal sealed class SpoolDatabase : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    public SpoolDatabase(IOptions<MtaOptions> options, TimeProvider time)
    {
        SQLitePCL.Batteries_V2.Init();
        var folder = Path.GetFullPath(options.Value.Spool);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Folder = folder;
        _path = Path.Combine(folder, "spool.db");
        try
        {
            _lock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InvalidOperationException($"The spool {folder} is in use by another Mta: stop it, or give this one a spool of its own (Mta:Spool).");
        }

        using var connection = Open(readOnly: false);
        Producer = Prepare(connection, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Where the file is, and what else belongs to the spool.</summary>
    public string Folder { get; }

    /// <summary>The file itself.</summary>
    public string FilePath => _path;

    /// <summary>Who numbers this spool's events: random, made with the spool, at least 1.</summary>
    public ulong Producer { get; }

    /// <summary>A new connection with the spool's settings; the caller disposes of it.</summary>
    public SqliteConnection Open(bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        connection.Open();
        if (!readOnly)
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-65536; PRAGMA secure_delete=FAST; PRAGMA temp_store=MEMORY");
        return connection;
    }

    public void Dispose() => _lock.Dispose();

    private static ulong Prepare(SqliteConnection connection, long nowMs)
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version is 1 or 2 or 3)
            SpoolUpgrade.From(version, connection, nowMs);
        else if (version is not (0 or SpoolSchema.Version))
            throw new InvalidOperationException($"The spool has version {version}; this Mta reads version {SpoolSchema.Version}.");
        Execute(connection, SpoolSchema.Sql);
        Execute(connection, $"PRAGMA user_version={SpoolSchema.Version}");
        if (Scalar(connection, "SELECT id FROM producer") is long known)
            return (ulong)known;
        var id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue | 1;
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO producer (id) VALUES ({id})"));
        return (ulong)id;
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
