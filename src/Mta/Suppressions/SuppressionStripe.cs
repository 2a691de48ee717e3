using Delivery.Contracts;
using Delivery.Contracts.Suppressions;

namespace Delivery.Mta.Suppressions;

/// <summary>
/// A part of a <see cref="SuppressionTable"/>: open addressing with linear probing, so that all suppressions of one person stand side by side.
/// Half to four fifths full. Thread-safe.
/// </summary>
internal sealed class SuppressionStripe
{
    private const int FirstSlots = 8;
    private const double Fullest = 0.8;
    private const double Growth = 1.5;

    private readonly Lock _lock = new();
    private SuppressionSlot[] _slots = new SuppressionSlot[FirstSlots];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes that the slots take.</summary>
    public long Bytes => (long)Volatile.Read(ref _slots).Length * SuppressionSlot.Size;

    public bool Contains(uint hash, uint account, in RecipientKey key, uint list)
    {
        lock (_lock)
        {
            for (var at = Home(hash, _slots.Length); ; at = at + 1 == _slots.Length ? 0 : at + 1)
            {
                ref readonly var slot = ref _slots[at];
                if (slot.Account == 0)
                    return false;
                if (slot.IsOf(account, key) && (slot.List == 0 || slot.List == list))
                    return true;
            }
        }
    }

    public void Add(uint hash, in SuppressionSlot added)
    {
        lock (_lock)
            Insert(hash, added);
    }

    /// <summary>All that the person is suppressed for is what is given, in one step.</summary>
    public void Replace(uint hash, uint account, in RecipientKey key, List<SuppressedFor> reasons)
    {
        lock (_lock)
        {
            Remove(hash, account, key);
            foreach (var why in reasons)
                Insert(hash, new SuppressionSlot(key.High, key.Low, account, why.List, why.Reason));
        }
    }

    /// <summary>A copy of what is there.</summary>
    public SuppressionSlot[] ToArray()
    {
        lock (_lock)
        {
            var copy = new SuppressionSlot[_count];
            var next = 0;
            foreach (var slot in _slots)
            {
                if (slot.Account != 0)
                    copy[next++] = slot;
            }

            return copy;
        }
    }

    public bool Has(uint hash, in SuppressionSlot wanted)
    {
        lock (_lock)
            return _slots[Find(hash, wanted)].Account != 0;
    }

    private void Insert(uint hash, in SuppressionSlot added)
    {
        if (_count + 1 > _slots.Length * Fullest)
            Grow();
        var at = Find(hash, added);
        if (_slots[at].Account != 0)
            return;
        _slots[at] = added;
        _count++;
    }

    /// <summary>Where the same suppression stands, or the empty place where it would.</summary>
    private int Find(uint hash, in SuppressionSlot wanted)
    {
        var at = Home(hash, _slots.Length);
        while (_slots[at].Account != 0 && _slots[at] != wanted)
            at = at + 1 == _slots.Length ? 0 : at + 1;
        return at;
    }

    private void Remove(uint hash, uint account, in RecipientKey key)
    {
        var at = Home(hash, _slots.Length);
        while (_slots[at].Account != 0)
        {
            if (_slots[at].IsOf(account, key))
                Close(at);
            else
                at = at + 1 == _slots.Length ? 0 : at + 1;
        }
    }

    /// <summary>Empties a place and moves those behind it up that would not be found across the gap.</summary>
    private void Close(int gap)
    {
        var length = _slots.Length;
        var at = gap;
        while (true)
        {
            at = at + 1 == length ? 0 : at + 1;
            if (_slots[at].Account == 0)
                break;
            var home = Home(SuppressionTable.Hash(_slots[at].Account, _slots[at].Key), length);
            var fromHome = at - home;
            var fromGap = at - gap;
            if ((fromHome < 0 ? fromHome + length : fromHome) < (fromGap < 0 ? fromGap + length : fromGap))
                continue;
            _slots[gap] = _slots[at];
            gap = at;
        }

        _slots[gap] = default;
        _count--;
    }

    private void Grow()
    {
        var old = _slots;
        Volatile.Write(ref _slots, new SuppressionSlot[(int)(old.Length * Growth)]);
        _count = 0;
        foreach (var slot in old)
        {
            if (slot.Account != 0)
                Insert(SuppressionTable.Hash(slot.Account, slot.Key), slot);
        }
    }

    private static int Home(uint hash, int length) => (int)((ulong)hash * (uint)length >> 32);
}
