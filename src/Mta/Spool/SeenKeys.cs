using System.Runtime.InteropServices;
using Delivery.Contracts;
using Microsoft.Win32.SafeHandles;

namespace Delivery.Mta.Spool;

/// <summary>
/// A set of recipient keys, 64 bits of each, with little memory however many there are: the newest are in memory, the others in a file
/// as sorted runs, which only those that <see cref="KeyFilter"/> cannot rule out are looked up in. The file goes with the set. Not thread-safe.
/// </summary>
/// <param name="path">A file that is not there yet.</param>
internal sealed class SeenKeys(string path) : IDisposable
{
    /// <summary>Keys of a run, 2 MB.</summary>
    public const int RunKeys = 1 << 18;

    /// <summary>Keys between two that a run has in memory.</summary>
    private const int BlockKeys = 256;

    private readonly HashSet<ulong> _newest = [];
    private readonly List<ulong[]> _runs = [];
    private readonly ulong[] _block = new ulong[BlockKeys];
    private KeyFilter _filter = KeyFilter.Smallest;
    private SafeFileHandle? _file;

    /// <summary>Keys added.</summary>
    public long Count { get; private set; }

    /// <summary>False where it was there already.</summary>
    /// <exception cref="IOException">The disk is full: the set is of no more use.</exception>
    public bool Add(RecipientKey key)
    {
        var value = key.High;
        if (!_filter.Add(value) && (_newest.Contains(value) || IsInRuns(value)))
            return false;
        _newest.Add(value);
        Count++;
        if (_newest.Count == RunKeys)
            WriteRun();
        return true;
    }

    public void Dispose() => _file?.Dispose();

    private bool IsInRuns(ulong value)
    {
        for (var run = 0; run < _runs.Count; run++)
        {
            var block = Array.BinarySearch(_runs[run], value);
            if (block >= 0)
                return true;
            block = ~block - 1;
            if (block < 0)
                continue;
            Read(_block, (long)run * RunKeys + block * BlockKeys);
            if (Array.BinarySearch(_block, value) >= 0)
                return true;
        }

        return false;
    }

    private void WriteRun()
    {
        var keys = new ulong[RunKeys];
        _newest.CopyTo(keys);
        _newest.Clear();
        Array.Sort(keys);
        _file ??= File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose | FileOptions.RandomAccess);
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(keys.AsSpan()), (long)_runs.Count * RunKeys * sizeof(ulong));
        var blocks = new ulong[RunKeys / BlockKeys];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = keys[i * BlockKeys];
        _runs.Add(blocks);
        if (!_filter.Suits(Count + RunKeys))
            EnlargeFilter(keys);
    }

    private void EnlargeFilter(ulong[] keys)
    {
        _filter = _filter.Larger();
        for (var run = 0; run < _runs.Count; run++)
        {
            Read(keys, (long)run * RunKeys);
            foreach (var key in keys)
                _filter.Add(key);
        }
    }

    private void Read(ulong[] keys, long first)
    {
        var bytes = MemoryMarshal.AsBytes(keys.AsSpan());
        for (var read = 0; read < bytes.Length;)
        {
            var more = RandomAccess.Read(_file!, bytes[read..], first * sizeof(ulong) + read);
            if (more == 0)
                throw new IOException($"{path} is shorter than it was written.");
            read += more;
        }
    }
}
