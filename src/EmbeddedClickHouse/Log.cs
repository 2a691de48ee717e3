namespace Delivery.EmbeddedClickHouse;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "ClickHouse {Version} serves {Path} at {Address}")]
    public static partial void Serving(this ILogger log, string version, string path, string address);

    [LoggerMessage(2, LogLevel.Debug, "A client left before its answer")]
    public static partial void ClientLeft(this ILogger log);

    [LoggerMessage(3, LogLevel.Error, "A request failed in a way that is a bug of this program")]
    public static partial void Unexpected(this ILogger log, Exception error);

    [LoggerMessage(4, LogLevel.Warning, "Statement {QueryId} is inside the engine for {Seconds:0} s, longer than it may, and is cancelled")]
    public static partial void OutOfTime(this ILogger log, string queryId, double seconds);
}
