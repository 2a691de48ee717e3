using System.Runtime.InteropServices;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// A SELECT whose result is fetched chunk by chunk. Each chunk is a whole document of its format, so only formats that
/// are rows after rows may be streamed. Dispose cancels what is not fetched: an abandoned stream would go on running.
/// </summary>
internal sealed class ResultStream(nint connection, nint handle) : IDisposable
{
    private nint _handle = handle;
    private bool _ended;

    /// <summary>Null when there is no stream because the statement failed; <paramref name="error"/> says why.</summary>
    public static unsafe ResultStream? Open(nint connection, nint handle, out EngineException? error)
    {
        var text = handle == 0 ? null : ChdbNative.ResultError(handle);
        error = handle == 0 ? EngineException.Of(1002, "UNKNOWN_EXCEPTION", "The engine gave no result")
            : text is null ? null : EngineException.FromEngine(Marshal.PtrToStringUTF8((nint)text) ?? string.Empty);
        if (error is null) return new ResultStream(connection, handle);
        if (handle != 0) ChdbNative.DestroyResult(handle);
        return null;
    }

    /// <summary>Blocks for the next chunk; null at the end.</summary>
    /// <exception cref="EngineException">The statement failed on the way.</exception>
    public QueryResult? Fetch()
    {
        if (_ended) return null;
        QueryResult chunk;
        try
        {
            chunk = new QueryResult(ChdbNative.StreamFetch(connection, _handle));
        }
        catch (EngineException)
        {
            _ended = true;
            throw;
        }

        if (chunk.Data.Length > 0) return chunk;
        _ended = true;
        chunk.Dispose();
        return null;
    }

    public void Dispose()
    {
        var open = _handle;
        _handle = 0;
        if (open == 0) return;
        if (!_ended) ChdbNative.StreamCancel(connection, open);
        ChdbNative.DestroyResult(open);
    }
}
