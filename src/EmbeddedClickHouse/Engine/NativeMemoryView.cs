using System.Buffers;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>Lends unmanaged bytes as <see cref="Memory{T}"/> so that they are written without a copy. It frees nothing.</summary>
internal sealed unsafe class NativeMemoryView(byte* start, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
