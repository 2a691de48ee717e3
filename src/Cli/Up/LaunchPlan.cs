using System.Globalization;
using Delivery.Cli.Processes;
using Delivery.Contracts.Settings;

namespace Delivery.Cli.Up;

/// <summary>
/// The children of an installation, with what the launcher tells each. What the operator said in the settings file or
/// an environment variable holds; the launcher fills in the rest, and what an option of <c>up</c> says goes before both.
/// </summary>
internal sealed class LaunchPlan
{
    private readonly UpOptions _options;
    private readonly SettingSources _sources;
    private readonly DataFolder _data;
    private readonly Dictionary<string, string> _shared = [];

    public LaunchPlan(UpOptions options, SettingSources sources, DataFolder data)
    {
        _options = options;
        _sources = sources;
        _data = data;
        var apiKey = options.ApiKey ?? (sources.ApiKeys == 0 ? data.ApiKey() : null);
        if (sources.File is { } file)
            _shared[SettingsFile.Variable] = file;
        if (apiKey is not null)
        {
            _shared[$"Access__ApiKeys__{sources.ApiKeys}__Key"] = apiKey;
            _shared[$"Access__ApiKeys__{sources.ApiKeys}__Account"] = "1";
        }

        if (sources.Program("Access:File") is null)
            _shared["Access__File"] = data.File(DataFolder.AccountsFile);
        var redis = options.Redis ?? $"127.0.0.1:{options.Ports.Redis}";
        _shared["Redis__Address"] = redis;
        foreach (var (name, value) in options.Fixed)
            _shared[name] = value;
        var clickHouse = options.ClickHouse ?? new Uri(Url("EmbeddedClickHouse:Url", options.Ports.ClickHouse));
        Redis = options.Redis is null ? RedisServer() : null;
        ClickHouse = options.ClickHouse is null ? Engine() : null;
        Programs = [Aggregator(clickHouse), Tracker(), Mta()];
        Addresses = new Addresses
        {
            Mta = Url("Mta:Url", options.Ports.Mta),
            Tracker = Url("Tracker:Url", options.Ports.Tracker),
            Reports = Url("Aggregator:Url", options.Ports.Reports),
            ClickHouse = clickHouse.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/'),
            Redis = redis.Split(',')[0],
            Sink = options.Sink ? $"127.0.0.1:{options.Ports.Sink}" : null,
            Mail = options.Sink && options.KeepMail ? data.File("mail") : null,
            ApiKey = apiKey,
        };
    }

    public ChildSpec? Redis { get; }

    public ChildSpec? ClickHouse { get; }

    /// <summary>Those that need both stores. Stopped from the last to the first, so that the Mta's last events find a way.</summary>
    public IReadOnlyList<ChildSpec> Programs { get; }

    public Addresses Addresses { get; }

    private ChildSpec RedisServer() => new()
    {
        Name = "redis",
        Command =
        [
            Up.Programs.RedisServer, "--port", Text(_options.Ports.Redis), "--bind", "127.0.0.1", "--dir", Folder("redis"),
            "--appendonly", "yes", "--appendfsync", _options.RedisFsync, "--save", "", "--maxmemory", _options.RedisMemory,
            "--maxmemory-policy", "noeviction", "--daemonize", "no",
        ],
        Ready = Probes.Redis(_options.Ports.Redis),
        Grace = TimeSpan.FromSeconds(20),
    };

    private ChildSpec Engine() => Program("EmbeddedClickHouse", "clickhouse", _options.Ports.ClickHouse, TimeSpan.FromSeconds(20),
        ("EmbeddedClickHouse:Path", _data.File("clickhouse")),
        ("EmbeddedClickHouse:Library", Up.Programs.EngineLibrary)) with
    {
        Ready = Probes.Http(Reach(Url("EmbeddedClickHouse:Url", _options.Ports.ClickHouse), "ping")),
    };

    private ChildSpec Aggregator(Uri clickHouse)
    {
        var spec = Program("Aggregator", "aggregator", _options.Ports.Reports, TimeSpan.FromSeconds(15));
        var environment = new Dictionary<string, string>(spec.Environment)
        {
            ["Aggregator__ClickHouse__Url"] = clickHouse.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
        };
        if (clickHouse.UserInfo.Length > 0)
        {
            var parts = clickHouse.UserInfo.Split(':', 2);
            environment["Aggregator__ClickHouse__User"] = Uri.UnescapeDataString(parts[0]);
            environment["Aggregator__ClickHouse__Password"] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        }

        return spec with { Environment = environment };
    }

    private ChildSpec Tracker() => Program("Tracker", "tracker", _options.Ports.Tracker, TimeSpan.FromSeconds(15),
        ("Tracker:KeysFile", _data.KeysFile),
        ("Tracker:Journal", _data.File("tracker-journal")));

    private ChildSpec Mta()
    {
        var relay = _options.Relay ?? new HostAndPort("127.0.0.1", _options.Ports.Sink);
        var spec = Program("Mta", "mta", _options.Ports.Mta, TimeSpan.FromSeconds(30),
            ("Mta:KeysFile", _data.KeysFile),
            ("Mta:Spool", _data.File("spool")),
            ("Mta:DkimFolder", _data.DkimFolder),
            ("Mta:TrackerUrl", Url("Tracker:Url", _options.Ports.Tracker)),
            ("Mta:ReportsUrl", Reach(Url("Aggregator:Url", _options.Ports.Reports), "").AbsoluteUri.TrimEnd('/')));
        return spec with
        {
            Environment = new Dictionary<string, string>(spec.Environment)
            {
                ["Mta__Smtp__RelayHost"] = relay.Host,
                ["Mta__Smtp__RelayPort"] = Text(relay.Port),
            },
        };
    }

    private ChildSpec Program(string program, string name, int port, TimeSpan grace, params (string Key, string Value)[] defaults)
    {
        var url = Url(program + ":Url", port);
        var environment = new Dictionary<string, string>(_shared) { [program + "__Url"] = url };
        foreach (var (key, value) in defaults)
        {
            if (_sources.Program(key) is null)
                environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new ChildSpec
        {
            Name = name,
            Command = Up.Programs.Command(program),
            Environment = environment,
            Ready = Probes.Http(Reach(url, "readyz")),
            Grace = grace,
        };
    }

    /// <summary>A page of a listener, as this machine reaches it: one that listens everywhere answers on loopback.</summary>
    private static Uri Reach(string url, string page) => new(new Uri(url
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//*", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//[::]", "//[::1]", StringComparison.Ordinal)), page);

    private string Url(string key, int port) => (_sources.Program(key)?.Text ?? $"http://127.0.0.1:{port}").TrimEnd('/');

    private string Folder(string name) => Directory.CreateDirectory(_data.File(name)).FullName;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
