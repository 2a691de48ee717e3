using System.Runtime.InteropServices;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// One finished result, or one chunk of a streamed one. It owns native memory: <see cref="Data"/> is valid until dispose.
/// The connection that made it must outlive it.
/// </summary>
internal sealed unsafe class QueryResult : IDisposable
{
    private nint _handle;
    private readonly NativeMemoryView? _view;

    /// <exception cref="EngineException">The result carries an error; the handle is freed.</exception>
    public QueryResult(nint handle)
    {
        if (handle == 0) throw EngineException.Of(1002, "UNKNOWN_EXCEPTION", "The engine gave no result");
        _handle = handle;
        var error = ChdbNative.ResultError(handle);
        if (error is not null)
        {
            var text = Marshal.PtrToStringUTF8((nint)error) ?? string.Empty;
            Dispose();
            throw EngineException.FromEngine(text);
        }

        var length = ChdbNative.ResultLength(handle);
        if (length > 0) _view = new NativeMemoryView(ChdbNative.ResultBuffer(handle), checked((int)length));
        Counts = new QueryCounts(
            ChdbNative.StorageRowsRead(handle), ChdbNative.StorageBytesRead(handle), ChdbNative.RowsWritten(handle),
            ChdbNative.BytesWritten(handle), ChdbNative.ResultRows(handle), length, ChdbNative.ResultElapsed(handle));
    }

    public ReadOnlyMemory<byte> Data => _view?.Memory ?? ReadOnlyMemory<byte>.Empty;

    public QueryCounts Counts { get; }

    public void Dispose()
    {
        var handle = _handle;
        _handle = 0;
        if (handle != 0) ChdbNative.DestroyResult(handle);
    }
}
