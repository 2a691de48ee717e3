using System.Runtime.InteropServices;
using System.Text;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// UTF-8 copies of strings in unmanaged memory, as parallel arrays of pointers and lengths. Each copy ends in a NUL
/// that its length does not count. Freed on dispose; not thread-safe.
/// </summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly int _count;
    private byte** _pointers;
    private nuint* _lengths;

    public NativeStrings(IReadOnlyList<string> values)
    {
        _count = values.Count;
        _pointers = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        _lengths = (nuint*)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(nuint));
        for (var i = 0; i < _count; i++)
        {
            var length = Encoding.UTF8.GetByteCount(values[i]);
            var copy = (byte*)NativeMemory.Alloc((nuint)length + 1);
            Encoding.UTF8.GetBytes(values[i], new Span<byte>(copy, length));
            copy[length] = 0;
            _pointers[i] = copy;
            _lengths[i] = (nuint)length;
        }
    }

    public byte** Pointers => _pointers;

    public nuint* Lengths => _lengths;

    public int Count => _count;

    public void Dispose()
    {
        if (_pointers is null) return;
        for (var i = 0; i < _count; i++) NativeMemory.Free(_pointers[i]);
        NativeMemory.Free(_pointers);
        NativeMemory.Free(_lengths);
        _pointers = null;
        _lengths = null;
    }
}
