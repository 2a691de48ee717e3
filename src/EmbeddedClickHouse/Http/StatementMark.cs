namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>How a statement's log_comment begins: by these a stop finds those that may be cut off.</summary>
internal static class StatementMark
{
    public const string Read = "front-read-";

    public const string Write = "front-write-";

    /// <summary>A read of a reader of one account, whose number follows, and a dash. Row policies go by it.</summary>
    public const string Account = "front-account-";
}
