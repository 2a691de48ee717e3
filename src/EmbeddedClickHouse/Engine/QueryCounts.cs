namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>What the engine counted. Written rows include those of materialized views, as on a server. Elapsed is in seconds.</summary>
internal readonly record struct QueryCounts(
    ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong ResultRows, ulong ResultBytes, double Elapsed);
