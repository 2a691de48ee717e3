namespace Delivery.Aggregator.Telemetry;

/// <summary>Every line that this program logs.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Database {Database} has the schema of this program; {Applied} steps applied now.")]
    public static partial void SchemaReady(ILogger log, string database, int applied);

    [LoggerMessage(101, LogLevel.Critical, "{Reason}")]
    public static partial void SchemaRefused(ILogger log, string reason);

    [LoggerMessage(102, LogLevel.Warning, "Waiting for ClickHouse: {Reason}")]
    public static partial void ClickHouseAway(ILogger log, string reason);

    [LoggerMessage(200, LogLevel.Information, "Shard {Shard} is ours under {Stamp}; a batch was left: {Left}.")]
    public static partial void ShardAcquired(ILogger log, int shard, string stamp, bool left);

    [LoggerMessage(201, LogLevel.Error, "Shard {Shard} stands still and is tried again.")]
    public static partial void ShardStandsStill(ILogger log, Exception e, int shard);

    [LoggerMessage(202, LogLevel.Debug, "Shard {Shard} still stands still: {Reason}")]
    public static partial void ShardStillFails(ILogger log, int shard, string reason);

    [LoggerMessage(203, LogLevel.Information, "Shard {Shard} moves again.")]
    public static partial void ShardMoves(ILogger log, int shard);

    [LoggerMessage(204, LogLevel.Warning, "The lease of shard {Shard} is gone.")]
    public static partial void LeaseLost(ILogger log, int shard);

    [LoggerMessage(205, LogLevel.Warning, "The lease of shard {Shard} could not be renewed: {Reason}")]
    public static partial void LeaseNotRenewed(ILogger log, int shard, string reason);

    [LoggerMessage(206, LogLevel.Warning, "A batch of shard {Shard} did not end in time and is left for the next start.")]
    public static partial void BatchAbandoned(ILogger log, int shard);

    [LoggerMessage(207, LogLevel.Warning, "Shard {Shard}, entries {First} to {Last}: of {Events} events {Missing} were missing in ClickHouse, the roll-ups of {Mended} jobs were rebuilt.")]
    public static partial void BatchCompleted(ILogger log, int shard, string first, string last, int events, int missing, int mended);

    [LoggerMessage(208, LogLevel.Error, "Shard {Shard}: {Count} records cannot be read and are dead letters now; the first, in entry {Entry}: {Reason}.")]
    public static partial void DeadLetters(ILogger log, int shard, int count, string entry, string reason);

    [LoggerMessage(209, LogLevel.Warning, "The stream of shard {Shard} is not the one that was read up to {Last}: Redis went back. It is read from its head again.")]
    public static partial void StreamChanged(ILogger log, int shard, string last);

    [LoggerMessage(250, LogLevel.Warning, "What is older than Aggregator:Retention says could not be taken out, and is tried again: {Reason}")]
    public static partial void RetentionFailed(ILogger log, string reason);

    [LoggerMessage(251, LogLevel.Information, "Events of {Month} have gone, as Aggregator:Retention:Events says.")]
    public static partial void MonthDropped(ILogger log, ulong month);

    [LoggerMessage(252, LogLevel.Information, "IP and browser of readers in {Month} go, as Aggregator:Retention:IpAndUserAgent says.")]
    public static partial void ReadersBlanked(ILogger log, ulong month);

    [LoggerMessage(253, LogLevel.Information, "Who the recipients of jobs before {Before:u} were goes, as Aggregator:Retention:Recipients says.")]
    public static partial void RecipientsBlanked(ILogger log, DateTime before);

    [LoggerMessage(211, LogLevel.Warning, "Shard {Shard}: {Letters} dead letters were tried again: {Events} events were read, {Missing} of them new; {Left} cannot be read and are dead letters again.")]
    public static partial void Replayed(ILogger log, int shard, int letters, int events, int missing, int left);

    [LoggerMessage(210, LogLevel.Information, "Shard {Shard}: {Asked} jobs were to be looked at; the roll-ups of {Rebuilt} were counted again.")]
    public static partial void Repaired(ILogger log, int shard, int asked, int rebuilt);

    [LoggerMessage(230, LogLevel.Information, "Shard {Shard}: {Events} opens and clicks got another class, after a look at {Readers} recipients.")]
    public static partial void Revised(ILogger log, int shard, int events, int readers);

    [LoggerMessage(300, LogLevel.Warning, "A report could not be made: {Reason}")]
    public static partial void ReportFailed(ILogger log, string reason);

    [LoggerMessage(310, LogLevel.Warning, "An audience of job {Job} was cut off while it was sent: {Reason}")]
    public static partial void AudienceCutOff(ILogger log, ulong job, string reason);

    [LoggerMessage(400, LogLevel.Warning, "{What}.")]
    public static partial void StreamsGrow(ILogger log, string what);

    [LoggerMessage(401, LogLevel.Error, "{What}.")]
    public static partial void StreamsCritical(ILogger log, string what);

    [LoggerMessage(402, LogLevel.Information, "{What}.")]
    public static partial void StreamsWell(ILogger log, string what);

    [LoggerMessage(403, LogLevel.Debug, "The streams could not be looked at: {Reason}")]
    public static partial void NotWatched(ILogger log, string reason);

    [LoggerMessage(500, LogLevel.Warning, "Webhook {Webhook} of account {Account}: {Reason}; it is tried again.")]
    public static partial void WebhookFails(ILogger log, string webhook, uint account, string reason);

    [LoggerMessage(501, LogLevel.Information, "Webhook {Webhook} goes well again after {Failures} failures.")]
    public static partial void WebhookWell(ILogger log, string webhook, int failures);

    [LoggerMessage(502, LogLevel.Warning, "Webhook {Webhook} of account {Account} is stopped until somebody resumes it: {Why}. The last: {Reason}. Nothing of it is lost.")]
    public static partial void WebhookStopped(ILogger log, string webhook, uint account, string why, string reason);

    [LoggerMessage(503, LogLevel.Debug, "Webhook {Webhook} waits: {Reason}")]
    public static partial void WebhookWaits(ILogger log, string webhook, string reason);

    [LoggerMessage(504, LogLevel.Error, "Webhook {Webhook} failed in a way that nobody thought of, and is tried again.")]
    public static partial void WebhookFaulted(ILogger log, Exception e, string webhook);

    [LoggerMessage(505, LogLevel.Warning, "Webhooks cannot be read: {Reason}")]
    public static partial void WebhooksUnread(ILogger log, string reason);

    [LoggerMessage(506, LogLevel.Warning, "A call about webhooks failed: {Reason}")]
    public static partial void WebhookCallFailed(ILogger log, string reason);

    [LoggerMessage(507, LogLevel.Information, "No webhook can go to the host {Host}: {Reason}")]
    public static partial void WebhookTargetRefused(ILogger log, string host, string reason);

    [LoggerMessage(510, LogLevel.Error, "The live counters of job {Job} failed in a way that nobody thought of, and are looked at again.")]
    public static partial void LiveFaulted(ILogger log, Exception e, ulong job);
}
