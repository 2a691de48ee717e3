using System.ComponentModel.DataAnnotations;

namespace Delivery.Mta.Lanes;

/// <summary>How fast one account may send.</summary>
internal sealed class AccountRateOptions
{
    /// <summary>The account, from 1.</summary>
    [Range(1, uint.MaxValue)]
    public uint Account { get; set; }

    /// <summary>Messages per second, over all its jobs; may be a fraction.</summary>
    [Range(0.001, 1_000_000)]
    public double PerSecond { get; set; }
}
