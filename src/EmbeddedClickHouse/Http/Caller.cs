namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Who sends a statement.</summary>
/// <param name="Reader">May only read.</param>
/// <param name="Account">Sees the rows of this account alone; 0 sees all.</param>
internal readonly record struct Caller(bool Reader, uint Account);
