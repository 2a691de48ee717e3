using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// The click tokens of one message in the order in which its first part has them, so that a link that stands in both parts is signed
/// once. Not thread-safe.
/// </summary>
internal sealed class SignedLinks
{
    /// <summary>How far ahead a link is looked for: the parts have their links in the same order, one or the other may lack a few.</summary>
    private const int Reach = 8;
    private readonly ByteBuffer _bytes = new(4 * 1024);
    private Entry[] _entries = new Entry[16];
    private int _count;
    private int _next;

    public void Clear()
    {
        _bytes.Clear();
        _count = 0;
        _next = 0;
    }

    /// <summary>Looks from the first link on again.</summary>
    public void Rewind() => _next = 0;

    public void Add(in LinkPlace place, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> token)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        _entries[_count++] = new Entry(place, _bytes.Length, destination.Length, token.Length);
        _bytes.Write(destination);
        _bytes.Write(token);
    }

    /// <summary>The token that was made for the same place and the same destination.</summary>
    public bool TryTake(in LinkPlace place, ReadOnlySpan<byte> destination, out ReadOnlySpan<byte> token)
    {
        var end = Math.Min(_count, _next + Reach);
        for (var i = _next; i < end; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Place != place || !_bytes.Written.Slice(entry.Start, entry.DestinationLength).SequenceEqual(destination))
                continue;
            _next = i + 1;
            token = _bytes.Written.Slice(entry.Start + entry.DestinationLength, entry.TokenLength);
            return true;
        }
        token = default;
        return false;
    }

    private readonly record struct Entry(LinkPlace Place, int Start, int DestinationLength, int TokenLength);
}
