namespace Delivery.Aggregator.ClickHouse;

/// <summary>The database cannot be used until somebody acts; the message says how.</summary>
internal sealed class SchemaException(string message) : Exception(message);
