namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>How a statement's log_comment begins: by these a stop finds those that may be cut off.</summary>
internal static class StatementMark
{
    public const string Read = "front-read-";

    public const string Write = "front-write-";
}
