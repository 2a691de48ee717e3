using System.Runtime.InteropServices;
using Delivery.Contracts;
using Microsoft.Win32.SafeHandles;

namespace Delivery.Mta.Spool;

/// <summary>
/// A set of recipient keys, 64 bits of each, in a file that is gone with it: memory stays flat however many there are. Hash tables of growing size,
/// each filled to <see cref="MostFilled"/> and then left as it is, so that there is never a pause to make a larger one. Not thread-safe.
/// </summary>
/// <param name="path">Where the tables are kept; not there yet.</param>
/// <param name="firstBits">2 to this power is the number of places in the first table.</param>
internal sealed class SeenKeys(string path, int firstBits = 17) : IDisposable
{
    private const int LargestBits = 29;
    private const int GrowthBits = 4;
    private const double MostFilled = 0.6;

    /// <summary>Places read at a time. A search that comes to the end of a table goes on behind it: the file grows.</summary>
    private const int Window = 16;

    private readonly List<Table> _tables = [];
    private readonly ulong[] _window = new ulong[Window];

    /// <summary>Keys added.</summary>
    public long Count { get; private set; }

    /// <summary>False where it was there already.</summary>
    /// <exception cref="IOException">The disk is full: the set is of no more use.</exception>
    public bool Add(RecipientKey key)
    {
        var value = key.High == 0 ? 1 : key.High;
        for (var i = 0; i < _tables.Count - 1; i++)
        {
            if (Find(_tables[i], value, out _))
                return false;
        }

        if (_tables.Count == 0 || _tables[^1].Count >= _tables[^1].Places * MostFilled)
        {
            if (_tables.Count > 0 && Find(_tables[^1], value, out _))
                return false;
            _tables.Add(NewTable());
        }

        var last = _tables[^1];
        if (Find(last, value, out var offset))
            return false;
        RandomAccess.Write(last.File, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)), offset);
        last.Count++;
        Count++;
        return true;
    }

    public void Dispose()
    {
        foreach (var table in _tables)
            table.File.Dispose();
        _tables.Clear();
    }

    /// <summary>Where it is not found, <paramref name="offset"/> is its place.</summary>
    private bool Find(Table table, ulong value, out long offset)
    {
        var bytes = MemoryMarshal.AsBytes(_window.AsSpan());
        for (var place = (long)(value >> (64 - table.Bits)); ; place += Window)
        {
            // What lies behind the end of the file was never written.
            var read = RandomAccess.Read(table.File, bytes, place * sizeof(ulong));
            bytes[read..].Clear();
            for (var i = 0; i < Window; i++)
            {
                if (_window[i] != 0 && _window[i] != value)
                    continue;
                offset = (place + i) * sizeof(ulong);
                return _window[i] == value;
            }
        }
    }

    private Table NewTable()
    {
        var bits = Math.Min(firstBits + _tables.Count * GrowthBits, LargestBits);
        var file = File.OpenHandle(
            $"{path}.{_tables.Count}", FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose | FileOptions.RandomAccess);
        return new Table(file, bits);
    }

    private sealed class Table(SafeFileHandle file, int bits)
    {
        public SafeFileHandle File { get; } = file;

        public int Bits { get; } = bits;

        public long Places => 1L << Bits;

        public long Count { get; set; }
    }
}
