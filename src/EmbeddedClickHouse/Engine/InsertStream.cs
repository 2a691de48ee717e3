using System.Runtime.InteropServices;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// An open INSERT that takes its rows in pieces of any size. Dispose before <see cref="Done"/> cancels it; blocks that
/// were already written stay, as on a server. The connection takes no other statement meanwhile.
/// </summary>
internal sealed unsafe class InsertStream : IDisposable
{
    private nint _handle;
    private bool _finished;

    /// <exception cref="EngineException">The statement was refused; the handle is freed.</exception>
    public InsertStream(nint handle)
    {
        _handle = handle;
        var error = ReadError();
        if (error is null) return;
        _finished = true;
        Dispose();
        throw EngineException.FromEngine(error);
    }

    /// <summary>Copies the bytes; blocks while the engine is behind. False when the insert has failed: <see cref="Done"/> tells why.</summary>
    public bool Append(ReadOnlySpan<byte> rows)
    {
        fixed (byte* start = rows)
            return rows.IsEmpty || ChdbNative.StreamAppend(_handle, start, (nuint)rows.Length) == 0;
    }

    /// <summary>Blocks until the rows are in the table.</summary>
    /// <exception cref="EngineException">The rows were refused.</exception>
    public QueryCounts Done()
    {
        _finished = true;
        using var result = new QueryResult(ChdbNative.StreamDone(_handle));
        return result.Counts;
    }

    public void Dispose()
    {
        var open = _handle;
        _handle = 0;
        if (open == 0) return;
        if (!_finished) ChdbNative.StreamCancelInsert(open);
        ChdbNative.DestroyInsertStream(open);
    }

    private string? ReadError()
    {
        if (_handle == 0) return "Insert stream initialization failed";
        var error = ChdbNative.StreamInsertError(_handle);
        return error is null ? null : Marshal.PtrToStringUTF8((nint)error);
    }
}
