namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>The engine cannot start; the message is one line that names the cause and the fix.</summary>
internal sealed class EngineStartException(string message) : Exception(message);
