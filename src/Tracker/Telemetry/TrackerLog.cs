namespace Delivery.Tracker.Telemetry;

/// <summary>Every line the tracker logs. None holds a token, an address or a destination.</summary>
internal static partial class TrackerLog
{
    [LoggerMessage(100, LogLevel.Warning, "Redis does not take events of shard {Shard} ({Fault}); people are still redirected, events go to the journal.")]
    public static partial void RedisFails(ILogger logger, int shard, string fault);

    [LoggerMessage(101, LogLevel.Information, "Redis takes events of shard {Shard} again after {Milliseconds} ms and has all that waited.")]
    public static partial void RedisTakes(ILogger logger, int shard, long milliseconds);

    [LoggerMessage(102, LogLevel.Error, "Redis came back without numbers {First} to {Last} of producer {Producer} on shard {Shard}, and they are no longer in the journal: those that the Aggregator had not read are lost.")]
    public static partial void Gap(ILogger logger, int shard, ulong producer, ulong first, ulong last);

    [LoggerMessage(103, LogLevel.Error, "Redis has numbers of producer {Producer} on shard {Shard} that it never gave; going on as another producer.")]
    public static partial void ForeignNumbers(ILogger logger, int shard, ulong producer);

    [LoggerMessage(104, LogLevel.Warning, "Stopped while {Waiting} events wait for Redis: the journal keeps them for the next start.")]
    public static partial void WaitsAtStop(ILogger logger, long waiting);

    [LoggerMessage(105, LogLevel.Warning, "An unsubscribe was answered with 503: neither Redis nor the journal took it ({Fault}).")]
    public static partial void UnsubscribeFailed(ILogger logger, string fault);

    [LoggerMessage(106, LogLevel.Warning, "No connection to Redis can be made yet ({Fault}); trying on.")]
    public static partial void NoConnection(ILogger logger, string fault);

    [LoggerMessage(107, LogLevel.Information, "Journal {Path}: {Segments} segments with {Records} events.")]
    public static partial void JournalOpened(ILogger logger, string path, int segments, long records);

    [LoggerMessage(108, LogLevel.Warning, "Journal segment {Path} is not sound from byte {Offset} on; {Bytes} bytes are left out.")]
    public static partial void SegmentDamaged(ILogger logger, string path, long offset, long bytes);

    [LoggerMessage(109, LogLevel.Error, "The journal takes nothing: {Fault}. Events that Redis does not take are dropped; people are still redirected.")]
    public static partial void JournalRefuses(ILogger logger, string fault);

    [LoggerMessage(110, LogLevel.Information, "The journal takes events again.")]
    public static partial void JournalTakes(ILogger logger);

    [LoggerMessage(111, LogLevel.Warning, "The journal has passed {Percent}%: {Bytes} of at most {MaxBytes} bytes; beyond them events are dropped.")]
    public static partial void JournalFills(ILogger logger, int percent, long bytes, long maxBytes);

    [LoggerMessage(112, LogLevel.Error, "Publishing shard {Shard} failed; it goes on from the journal.")]
    public static partial void PublisherFailed(ILogger logger, Exception fault, int shard);

    [LoggerMessage(113, LogLevel.Warning, "Journal segment {Path} is done with and cannot be removed: {Fault}")]
    public static partial void SegmentStays(ILogger logger, string path, string fault);

    [LoggerMessage(114, LogLevel.Error, "The journal has passed {Percent}%: {Bytes} of at most {MaxBytes} bytes; it is about to drop events. Bring Redis back, or raise Tracker:JournalMaxBytes.")]
    public static partial void JournalAlmostFull(ILogger logger, int percent, long bytes, long maxBytes);

    [LoggerMessage(115, LogLevel.Warning, "The journal's disk has {Free} bytes left and the journal may take {Needed} more: make room, or lower Tracker:JournalMaxBytes.")]
    public static partial void DiskShort(ILogger logger, long free, long needed);

    [LoggerMessage(116, LogLevel.Warning, "A client made more than {PerSecond} requests a second: it is answered, and they are not recorded. Where it is a proxy of yours, name it in Tracker:TrustedProxies.")]
    public static partial void ClientOverLimit(ILogger logger, int perSecond);

    [LoggerMessage(117, LogLevel.Information, "Stops with {Connections} connections open that sent nothing more.")]
    public static partial void DrainEnds(ILogger logger, int connections);

    [LoggerMessage(120, LogLevel.Information, "Certificate {Path} is served for {Names}; it expires {Expires:u}.")]
    public static partial void CertificateServed(ILogger logger, string path, string names, DateTimeOffset expires);

    [LoggerMessage(121, LogLevel.Error, "A changed certificate is not served, and the one before is: {Fault}")]
    public static partial void CertificateRefused(ILogger logger, string fault);

    [LoggerMessage(122, LogLevel.Warning, "Certificate {Path} for {Names} expires {Expires:u}: renew it.")]
    public static partial void CertificateExpires(ILogger logger, string path, string names, DateTimeOffset expires);
}
