using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Delivery.EmbeddedClickHouse;

/// <summary>Settings of the embedded engine, from the section <c>EmbeddedClickHouse</c>. A key that is not here stops the start.</summary>
internal sealed class EngineOptions
{
    public const string Section = "EmbeddedClickHouse";

    /// <summary>The data folder. It is created when absent and readable by its owner only.</summary>
    [Required]
    public string Path { get; set; } = string.Empty;

    /// <summary>libchdb.so; when left out, <c>.tools/lib/libchdb.so</c> above the program or the current folder.</summary>
    public string? Library { get; set; }

    /// <summary>Where to listen, http only. Port 0 takes a free one, which is logged.</summary>
    [Required]
    public string Url { get; set; } = "http://127.0.0.1:8123";

    /// <summary>Statements that run at the same time.</summary>
    [Range(1, 64)]
    public int Connections { get; set; } = 4;

    /// <summary>Statements that may wait for a free place; more are answered with 503.</summary>
    [Range(0, 10_000)]
    public int QueueLength { get; set; } = 256;

    /// <summary>The longest a statement waits for a free place.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest text of a statement, without the rows of an INSERT.</summary>
    [Range(1_024, 64 * 1_024 * 1_024)]
    public int MaxQueryBytes { get; set; } = 4 * 1_024 * 1_024;

    /// <summary>Memory of the engine, for all statements together.</summary>
    [Range(256L * 1_024 * 1_024, 1L << 50)]
    public long MaxMemoryBytes { get; set; } = 4L * 1_024 * 1_024 * 1_024;

    /// <summary>The longest a SELECT runs that sets no <c>max_execution_time</c>; 0 sets no limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan QueryTimeLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest any other statement is inside the engine that sets no <c>max_execution_time</c>; then it is cancelled.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StatementDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A statement that is inside the engine this much longer than it may is given up: it is answered with an error, and the process ends with code 3.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Sessions (<c>session_id</c>) that are kept at one time, each with a connection to the engine of its own.</summary>
    [Range(0, 10_000)]
    public int Sessions { get; set; } = 64;

    /// <summary>Lets the user <c>default</c> reach files and the net, as with <c>file()</c>, <c>url()</c> or <c>ENGINE = S3</c>: every file that this process may read or write.</summary>
    public bool AllowExternalSources { get; set; }

    /// <summary>Password of the user <c>default</c>, who may do everything. Needed when <see cref="Url"/> is not a loopback address.</summary>
    public string? Password { get; set; }

    /// <summary>Password of the user <c>reader</c>, who may only read tables. Without it there is no such user.</summary>
    public string? ReaderPassword { get; set; }

    /// <summary>Further users who may only read, each of them the rows of one account or of all.</summary>
    [ValidateEnumeratedItems]
    public List<ReaderOptions> Readers { get; set; } = [];

    /// <summary>Tables (<c>database.table</c>) with a column <c>account</c> that readers of one account may read; those of Delivery when left out.</summary>
    public string[]? AccountTables { get; set; }

    /// <summary>Views over those tables that readers of one account may read; those of Delivery when left out.</summary>
    public string[]? AccountViews { get; set; }
}
