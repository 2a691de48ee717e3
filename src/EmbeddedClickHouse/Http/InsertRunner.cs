using System.Buffers;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Streams rows into a table. When the client goes away before the body's end the insert is cancelled; after that it
/// is carried through. The engine is called on pool threads, of which there are enough for every statement.
/// </summary>
internal sealed class InsertRunner
{
    private const int PieceBytes = 512 * 1024;

    public static async Task<QueryCounts> RunAsync(RunningStatement call, EngineConnection connection, Statement statement, CancellationToken cancellation)
    {
        using var insert = await call.CallAsync(() => connection.OpenInsert(statement.Sql, statement.Text.Format!));
        try
        {
            return await SendAsync(call, insert, statement, cancellation);
        }
        finally
        {
            await call.CallAsync(insert.Dispose);
        }
    }

    private static async Task<QueryCounts> SendAsync(RunningStatement call, InsertStream insert, Statement statement, CancellationToken cancellation)
    {
        var taken = statement.Rows.IsEmpty || await call.CallAsync(() => insert.Append(statement.Rows.Span));
        if (taken && statement.Body is not null) await CopyAsync(call, insert, statement.Body, cancellation);
        return await call.CallAsync(insert.Done);
    }

    private static async Task CopyAsync(RunningStatement call, InsertStream insert, Stream body, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int read;
            do
            {
                read = await QueryBody.FillAsync(body, buffer, cancellation);
                var piece = buffer.AsMemory(0, read);
                if (!await call.CallAsync(() => insert.Append(piece.Span))) return;
            }
            while (read == buffer.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
