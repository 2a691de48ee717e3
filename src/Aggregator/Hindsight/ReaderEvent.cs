using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;

namespace Delivery.Aggregator.Hindsight;

/// <summary>An opening or a click as hindsight looks at it.</summary>
/// <param name="First">What it is by itself: at first sight, or by the rules that were applied to it later.</param>
/// <param name="Now">What it counts as now.</param>
/// <param name="Address">A hash.</param>
/// <param name="UserAgent">A hash.</param>
internal readonly record struct ReaderEvent(
    ulong Producer, ulong Number, EventKind Kind, long TimeMs, ushort Position, ushort LoopIndex, ReaderVerdict First, ReaderVerdict Now, ulong Address, ulong UserAgent)
{
    /// <summary>A person, and not one that a rule knows.</summary>
    public bool MayBeRevised => First.IsSilent;

    /// <summary>Which link of the message.</summary>
    public uint Link => ((uint)Position << 16) | LoopIndex;
}
