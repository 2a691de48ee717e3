using System.Collections;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench;

/// <summary>The programs that a benchmark measures, as <c>up</c> starts them, each when it is asked for. Dispose stops them.</summary>
internal sealed class BenchPrograms : IAsyncDisposable
{
    /// <summary>Names of children, as in <see cref="LaunchPlan"/>.</summary>
    public const string Redis = "redis", Engine = "clickhouse", Aggregator = "aggregator", Tracker = "tracker", Mta = "mta";
    private readonly DataFolder _data;
    private readonly ChildGroup _children;
    private readonly LaunchPlan _plan;

    private BenchPrograms(DataFolder data, LaunchPlan plan, TimeProvider time)
    {
        _data = data;
        _plan = plan;
        _children = new ChildGroup(data.File("logs"), new Notices(Console.Error), time);
    }

    public Addresses Addresses => _plan.Addresses;

    public string KeysFile => _data.KeysFile;

    public string Logs => _data.File("logs");

    /// <summary>Takes the folder; starts nothing yet.</summary>
    /// <param name="relay">Where the Mta sends; null where none is started.</param>
    /// <param name="settings">As environment variables, such as <c>Mta__Smtp__Connections</c>.</param>
    public static BenchPrograms Open(string folder, HostAndPort? relay, IReadOnlyDictionary<string, string> settings, string redisMemory, TimeProvider time)
    {
        var data = DataFolder.Open(folder);
        var options = new UpOptions
        {
            Data = folder,
            Ports = PortPlan.Free(),
            Relay = relay ?? new HostAndPort("127.0.0.1", 1),
            RedisMemory = redisMemory,
            Fixed = new Dictionary<string, string>(settings) { ["Redis__Prefix"] = "delivery:", ["Redis__Shards"] = "1", ["Aggregator__Hindsight__Enabled"] = "false" },
        };
        // Made-up readers click within moments; to have their classes revised would be another measurement.
        // What is measured does not hang on a settings file of the operator's.
        return new BenchPrograms(data, new LaunchPlan(options, SettingSources.Read(new Dictionary<UpSetting, string>(), new Hashtable()), data), time);
    }

    /// <summary>Starts those named that do not need one another; returns when they are ready.</summary>
    /// <exception cref="LaunchException">One did not start.</exception>
    public Task StartAsync(CancellationToken stop, params IReadOnlyList<string> names)
    {
        IEnumerable<ChildSpec> known = [_plan.Redis!, _plan.ClickHouse!, .. _plan.Programs];
        return _children.StartAsync([.. known.Where(spec => names.Contains(spec.Name))], stop);
    }

    /// <summary>CPU and memory of a child.</summary>
    /// <exception cref="LaunchException">It does not run.</exception>
    public ProcessUsage Usage(string name) =>
        ProcessUsage.TryRead(_children.ProcessId(name)) ?? throw new LaunchException($"{name} does not run: see {Logs}/{name}.log", ExitCodes.Failure);

    public void Kill() => _children.Kill();

    public async ValueTask DisposeAsync()
    {
        await _children.DisposeAsync();
        _data.Dispose();
    }
}
