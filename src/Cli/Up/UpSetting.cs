namespace Delivery.Cli.Up;

/// <summary>One thing that <c>up</c> can be told: as an option, as an environment variable, or in the settings file.</summary>
/// <param name="Option">Such as <c>--port-base</c>.</param>
/// <param name="Key">The name in the settings file's section <c>Up</c>.</param>
/// <param name="ValueName">Stands for the value in the help text; null for a switch.</param>
internal sealed record UpSetting(string Option, string Key, string? ValueName, string Help)
{
    public const string VariablePrefix = "DELIVERY_UP_";

    /// <summary>The environment variable, such as <c>DELIVERY_UP_PORT_BASE</c>.</summary>
    public string Variable { get; } = VariablePrefix + Option[2..].ToUpperInvariant().Replace('-', '_');

    public static UpSetting Relay { get; } = new("--relay", "Relay", "HOST:PORT", "SMTP relay that takes all mail");

    public static UpSetting Sink { get; } = new("--sink", "Sink", null, "take all mail with a sink on this machine (port base + 5) instead of sending it; each message is kept as a file in DIR/mail (.eml)");

    public static UpSetting Data { get; } = new("--data", "Data", "DIR", "folder for spool, databases, keys and logs [default: .delivery beside the program]");

    public static UpSetting PortBase { get; } = new("--port-base", "PortBase", "P", "first of six ports: Mta P, Tracker P+1, reports P+2, ClickHouse P+3, Redis P+4, sink P+5 [default: 5080]");

    public static UpSetting Redis { get; } = new("--redis", "Redis", "ADDR", "a Redis of your own, HOST:PORT[,password=…], instead of one started here");

    public static UpSetting ClickHouse { get; } = new("--clickhouse", "ClickHouse", "URL", "a ClickHouse server of your own, http[s]://[USER:PASSWORD@]HOST:PORT, instead of the embedded engine");

    public static UpSetting ApiKey { get; } = new("--api-key", "ApiKey", "KEY", "bearer key of account 1, 16 to 200 printable characters [default: made once, kept in DIR/api-key]");

    public static UpSetting RedisMemory { get; } = new("--redis-memory", "RedisMemory", "SIZE", "bound of the Redis started here; beyond it events wait in the Mta and the trackers [default: 1gb]");

    public static UpSetting RedisFsync { get; } = new("--redis-fsync", "RedisFsync", "everysec|always", "when the Redis started here flushes its log to disk [default: everysec]");

    /// <summary>The settings file itself: an option and a variable, but not in the file.</summary>
    public static UpSetting Settings { get; } = new("--settings", "", "FILE", "settings file of all programs (JSON)");

    public static IReadOnlyList<UpSetting> All { get; } = [Relay, Sink, Data, PortBase, Redis, ClickHouse, ApiKey, RedisMemory, RedisFsync, Settings];
}
