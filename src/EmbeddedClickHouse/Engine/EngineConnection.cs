using System.Text;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// One connection to the engine, made for one request and closed after it: opening costs 0.1 ms, and settings, SET, USE
/// and temporary tables cannot leak to the next request. Every call blocks. Not thread-safe.
/// </summary>
internal sealed unsafe class EngineConnection : IDisposable
{
    /// <summary>Connections open and close one at a time: the library keeps state of its own for all of them.</summary>
    private static readonly Lock Lifetimes = new();

    private const string ParsedButNoInsert = "send_insert requires an INSERT query";
    private nint* _connection;

    private EngineConnection(nint* connection) => _connection = connection;

    /// <summary>Null when the engine refuses the arguments (<c>--name=value</c>).</summary>
    public static EngineConnection? TryOpen(IReadOnlyList<string> arguments)
    {
        using var native = new NativeStrings(arguments);
        lock (Lifetimes)
        {
            var connection = ChdbNative.Connect(native.Count, native.Pointers);
            return connection is null ? null : new EngineConnection(connection);
        }
    }

    public StatementAnalysis Analyze(string sql)
    {
        var analysis = new NativeAnalysis { Size = (uint)sizeof(NativeAnalysis) };
        fixed (byte* text = Encoding.UTF8.GetBytes(sql))
        {
            var length = text is null ? 0 : Encoding.UTF8.GetByteCount(sql);
            if (length == 0 || ChdbNative.Classify(*_connection, text, (nuint)length, null, 0, &analysis) != 0)
                return new StatementAnalysis(0, StatementClass.Unknown);
        }

        return new StatementAnalysis((int)analysis.Statements, (StatementClass)analysis.Class);
    }

    /// <summary>
    /// The error that parsing alone gives; null for text that parses. The insert stream is used for it because it parses
    /// first and never runs anything but an INSERT, while the query call obeys client commands such as <c>exit</c>.
    /// </summary>
    public EngineException? FindSyntaxError(string sql)
    {
        try
        {
            using var stream = OpenInsert(sql, string.Empty);
            return null;
        }
        catch (EngineException error)
        {
            return error.Message.Contains(ParsedButNoInsert, StringComparison.Ordinal) ? null : error;
        }
    }

    /// <summary>Runs one statement and gives its whole result. <paramref name="format"/> counts where the text names none.</summary>
    public QueryResult Query(string sql, string format, StatementParameters parameters)
    {
        using var text = new NativeStrings([sql, format]);
        using var names = new NativeStrings(parameters.Names);
        using var values = new NativeStrings(parameters.Values);
        return new QueryResult(ChdbNative.Query(
            *_connection, text.Pointers[0], text.Lengths[0], text.Pointers[1], text.Lengths[1],
            names.Pointers, names.Lengths, values.Pointers, values.Lengths, (nuint)names.Count));
    }

    /// <summary>Starts one SELECT; the engine streams no other kind of statement.</summary>
    public ResultStream OpenSelect(string sql, string format, StatementParameters parameters)
    {
        using var text = new NativeStrings([sql, format]);
        using var names = new NativeStrings(parameters.Names);
        using var values = new NativeStrings(parameters.Values);
        var handle = ChdbNative.StreamQuery(
            *_connection, text.Pointers[0], text.Lengths[0], text.Pointers[1], text.Lengths[1],
            names.Pointers, names.Lengths, values.Pointers, values.Lengths, (nuint)names.Count);
        return ResultStream.Open(*_connection, handle, out var error) ?? throw error!;
    }

    /// <summary>Starts an INSERT. <paramref name="sql"/> has neither FORMAT nor rows: the engine appends the format itself.</summary>
    public InsertStream OpenInsert(string sql, string format)
    {
        using var text = new NativeStrings([sql, format]);
        return new InsertStream(ChdbNative.StreamInsert(*_connection, text.Pointers[0], text.Lengths[0], text.Pointers[1], text.Lengths[1]));
    }

    public void Dispose()
    {
        var open = _connection;
        _connection = null;
        if (open is null) return;
        lock (Lifetimes) ChdbNative.CloseConnection(open);
    }
}
