namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>How many statements a text holds (0 when it does not parse) and the most restricted class among them.</summary>
internal readonly record struct StatementAnalysis(int Statements, StatementClass Class);
