using System.Runtime.InteropServices;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary><c>chdb_query_analysis_v1</c>: the caller sets <see cref="Size"/>, the engine fills the rest.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeAnalysis
{
    public uint Size;
    public uint Statements;
    public uint Flags;
    public uint Class;
}
