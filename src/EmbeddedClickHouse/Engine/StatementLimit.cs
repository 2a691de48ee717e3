namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>How long one call of a statement into the engine may take.</summary>
/// <param name="Time">The time itself.</param>
/// <param name="ByEngine">The engine ends the statement by itself then, as it has a <c>max_execution_time</c>.</param>
internal readonly record struct StatementLimit(TimeSpan Time, bool ByEngine);
