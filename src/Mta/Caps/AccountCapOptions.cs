using System.ComponentModel.DataAnnotations;

namespace Delivery.Mta.Caps;

/// <summary>The cap of one account.</summary>
internal sealed class AccountCapOptions
{
    /// <summary>The account, from 1.</summary>
    [Range(1, uint.MaxValue)]
    public uint Account { get; set; }

    /// <summary>Messages that one of its people gets within <see cref="Span"/> at most; 0 for no cap.</summary>
    [Range(0, 100)]
    public int Messages { get; set; }

    /// <summary>The time that its cap looks back over; null for the same as the others'.</summary>
    public TimeSpan? Span { get; set; }
}
