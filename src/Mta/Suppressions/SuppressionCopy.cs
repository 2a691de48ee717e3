using Delivery.Contracts.Suppressions;

namespace Delivery.Mta.Suppressions;

/// <summary>What a mirror holds, and of which state of Redis it is the copy. Written by the mirror alone, read by all.</summary>
internal sealed class SuppressionCopy
{
    private SuppressionStand _stand = SuppressionStand.None;

    public SuppressionTable Table { get; } = new();

    /// <summary>How far the table has followed the log.</summary>
    public SuppressionStand Stand
    {
        get => Volatile.Read(ref _stand);
        set => Volatile.Write(ref _stand, value);
    }

    /// <summary>False for a copy of nothing, as before the first start.</summary>
    public bool IsOfSomething => Stand.Epoch.Length > 0;
}
