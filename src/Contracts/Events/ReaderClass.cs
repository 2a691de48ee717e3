namespace Delivery.Contracts.Events;

/// <summary>Who caused an open or a click. Wire format and ClickHouse Enum8.</summary>
public enum ReaderClass : byte
{
    /// <summary>A person, as far as can be told. Also the value of events that no reader causes.</summary>
    Human = 0,

    /// <summary>A mail provider fetching on its own behalf (image proxy, privacy prefetch).</summary>
    Proxy = 1,

    /// <summary>A security product following links.</summary>
    Scanner = 2,
}
