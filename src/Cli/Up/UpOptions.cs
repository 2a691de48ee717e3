using System.Globalization;
using System.Text.RegularExpressions;

namespace Delivery.Cli.Up;

/// <summary>What <c>up</c> starts, checked.</summary>
internal sealed partial record UpOptions
{
    /// <summary>Full path of the data folder.</summary>
    public required string Data { get; init; }

    public required PortPlan Ports { get; init; }

    /// <summary>What moves the ports, for messages.</summary>
    public string PortOption { get; init; } = UpSetting.PortBase.Option;

    /// <summary>Where mail goes; null when the sink takes it.</summary>
    public HostAndPort? Relay { get; init; }

    public bool Sink => Relay is null;

    /// <summary>Whether the sink writes the mail it takes to the data folder's <c>mail/</c>.</summary>
    public bool KeepMail { get; init; } = true;

    /// <summary>Configuration of a Redis of the operator's own, or null to start one. May hold a password.</summary>
    public string? Redis { get; init; }

    /// <summary>A ClickHouse server of the operator's own, or null to start the engine. May hold a password.</summary>
    public Uri? ClickHouse { get; init; }

    /// <summary>The bearer key of account 1, or null for the one in the data folder.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Settings that all programs get, as environment variables, such as <c>Mta__Smtp__Connections</c>; they go before everything else.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new Dictionary<string, string>();

    public string RedisMemory { get; init; } = "1gb";

    public string RedisFsync { get; init; } = "everysec";

    /// <exception cref="LaunchException">A value does not fit, or none says where mail goes.</exception>
    public static UpOptions From(SettingSources sources, string defaultData)
    {
        var (relay, sink) = (Relays(sources), sources.Find(UpSetting.Sink));
        var sinks = sink is { } asked && (Parse(asked, "true or false", bool.TryParse, out bool on) && on);
        if (relay is { } r && sinks && r.Origin == sink!.Value.Origin)
            throw new LaunchException($"{r.Source} and {sink.Value.Source} are both given: mail goes to a relay or to the sink");
        if (relay is { } lower && sinks && sink!.Value.Origin > lower.Origin)
            relay = null;
        if (relay is null && !sinks)
            throw new LaunchException("nothing says where mail goes: give --relay HOST:PORT for an SMTP relay, or --sink to take it on this machine");

        var portBase = PortPlan.DefaultBase;
        if (sources.Find(UpSetting.PortBase) is { } port)
        {
            Parse(port, $"a port from 1 to {PortPlan.MaxBase}", PortBaseOf, out portBase);
        }

        return new UpOptions
        {
            Data = sources.Find(UpSetting.Data) is { } data ? Path.GetFullPath(data.Text) : defaultData,
            Ports = PortPlan.FromBase(portBase),
            Relay = relay is { } to && Parse(to, "HOST:PORT", HostAndPort.TryParse, out HostAndPort? address) ? address : null,
            Redis = sources.Find(UpSetting.Redis)?.Text ?? sources.Program("Redis:Address")?.Text,
            ClickHouse = (sources.Find(UpSetting.ClickHouse) ?? sources.Program("Aggregator:ClickHouse:Url")) is { } url
                && Parse(url, "http://HOST:PORT or https://HOST:PORT", HttpAddress, out Uri? server) ? server : null,
            ApiKey = sources.Find(UpSetting.ApiKey) is { } key && Parse(key, "16 to 200 printable ASCII characters", ApiKeyText, out string? secret) ? secret : null,
            RedisMemory = sources.Find(UpSetting.RedisMemory) is { } memory && Parse(memory, "a size such as 512mb or 4gb", Size, out string? bytes) ? bytes! : "1gb",
            RedisFsync = sources.Find(UpSetting.RedisFsync) is { } fsync && Parse(fsync, "everysec or always", Fsync, out string? when) ? when! : "everysec",
        };
    }

    private delegate bool Parser<T>(string text, out T value);

    private static bool Parse<T>(SettingValue setting, string wanted, Parser<T> parser, out T value) =>
        parser(setting.Text, out value)
            ? true
            : throw new LaunchException(setting.Source == UpSetting.ApiKey.Option || setting.Source.Contains("ApiKey", StringComparison.Ordinal) || setting.Text.Contains('@', StringComparison.Ordinal)
                ? $"{setting.Source} is not {wanted}"
                : $"{setting.Source}: '{setting.Text}' is not {wanted}");

    /// <summary>The relay by the launcher's own setting, or by the Mta's.</summary>
    private static SettingValue? Relays(SettingSources sources)
    {
        if (sources.Find(UpSetting.Relay) is { } relay)
            return relay;
        if (sources.Program("Mta:Smtp:RelayHost") is not { } host)
            return null;
        var port = sources.Program("Mta:Smtp:RelayPort")?.Text ?? "25";
        return host with { Text = host.Text.Contains(':', StringComparison.Ordinal) ? $"[{host.Text}]:{port}" : $"{host.Text}:{port}" };
    }

    private static bool PortBaseOf(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= PortPlan.MaxBase;

    private static bool HttpAddress(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https" && value.Query.Length == 0 && value.Fragment.Length == 0;

    private static bool ApiKeyText(string text, out string? value)
    {
        value = text;
        return text.Length is >= 16 and <= 200 && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    private static bool Size(string text, out string? value)
    {
        value = text;
        return SizePattern().IsMatch(text);
    }

    private static bool Fsync(string text, out string? value)
    {
        value = text;
        return text is "everysec" or "always";
    }

    [GeneratedRegex("^[1-9][0-9]{0,14}([kmg]b?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex SizePattern();
}
