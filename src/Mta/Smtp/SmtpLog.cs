namespace Delivery.Mta.Smtp;

/// <summary>Event ids 3000 to 3099.</summary>
internal static partial class SmtpLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Relay {Host} is away: {Reason} ({Reply}); messages wait, next try in {Pause}")]
    public static partial void RelayIsAway(ILogger log, string host, string reason, SmtpReply reply, TimeSpan pause);

    [LoggerMessage(3001, LogLevel.Information, "Relay {Host} takes messages again")]
    public static partial void RelayIsBack(ILogger log, string host);

    [LoggerMessage(3002, LogLevel.Debug, "Connection to {Host} ended ({Loss}) after {Finished} messages: {Reason} ({Reply})")]
    public static partial void ConnectionLost(ILogger log, string host, SmtpLoss loss, int finished, string reason, SmtpReply reply);

    [LoggerMessage(3003, LogLevel.Error, "Connection to {Host} failed by a fault of ours")]
    public static partial void ConnectionFailed(ILogger log, string host, Exception exception);

    [LoggerMessage(3006, LogLevel.Warning, "Relay {Host} offers CHUNKING and does not keep its rules ({Reason}): it gets one message a round trip until the next start")]
    public static partial void ChunkingIsUnfit(ILogger log, string host, string reason);

    [LoggerMessage(3004, LogLevel.Debug, "Connection to {Host} is open: {Security}")]
    public static partial void Connected(ILogger log, string host, string security);

    [LoggerMessage(3005, LogLevel.Information, "Connections to {Host} are open: {Security}")]
    public static partial void SecurityChanged(ILogger log, string host, string security);
}
