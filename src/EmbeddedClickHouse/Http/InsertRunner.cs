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

    public static async Task<QueryCounts> RunAsync(EngineConnection connection, Statement statement, CancellationToken cancellation)
    {
        using var insert = await Task.Run(() => connection.OpenInsert(statement.Sql, statement.Text.Format!), cancellation);
        var taken = statement.Rows.IsEmpty || await Task.Run(() => insert.Append(statement.Rows.Span), cancellation);
        if (taken && statement.Body is not null) await CopyAsync(insert, statement.Body, cancellation);
        return await Task.Run(insert.Done, CancellationToken.None);
    }

    private static async Task CopyAsync(InsertStream insert, Stream body, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int read;
            do
            {
                read = await QueryBody.FillAsync(body, buffer, cancellation);
                var piece = buffer.AsMemory(0, read);
                if (!await Task.Run(() => insert.Append(piece.Span), cancellation)) return;
            }
            while (read == buffer.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
