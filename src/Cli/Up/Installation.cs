using System.Net;
using Delivery.Cli.Processes;
using Delivery.Cli.Sink;

namespace Delivery.Cli.Up;

/// <summary>All programs that one machine needs, running. Dispose stops them: Mta first, stores last.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly DataFolder _data;
    private readonly ChildGroup _children;
    private readonly TimeProvider _time;
    private SmtpSink? _sink;

    private Installation(DataFolder data, Notices notices, TimeProvider time, Addresses addresses)
    {
        _data = data;
        _children = new ChildGroup(data.File("logs"), notices, time);
        _time = time;
        Addresses = addresses;
    }

    public Addresses Addresses { get; }

    public string Data => _data.Path;

    /// <summary>Checks ports and stores, starts everything, returns when all is ready. On failure all that was started is stopped.</summary>
    /// <param name="capture">Gets what the sink takes; null for nobody.</param>
    /// <exception cref="LaunchException">Something does not fit or does not start.</exception>
    public static async Task<Installation> StartAsync(
        UpOptions options, SettingSources sources, Notices notices, TimeProvider time, CancellationToken stop, Func<CapturedMessage, ValueTask>? capture = null)
    {
        var data = DataFolder.Open(options.Data);
        Installation? installation = null;
        try
        {
            CheckPorts(options, sources);
            if (options.Redis is { } redis)
                await OwnStores.CheckRedisAsync(redis);
            if (options.ClickHouse is { } clickHouse)
                await OwnStores.CheckClickHouseAsync(clickHouse, sources.Program("Aggregator:ClickHouse:User")?.Text, sources.Program("Aggregator:ClickHouse:Password")?.Text);
            var plan = new LaunchPlan(options, sources, data);
            installation = new Installation(data, notices, time, plan.Addresses);
            if (options.Sink)
                installation.StartSink(options.Ports.Sink, options.PortOption, capture);
            await installation._children.StartAsync([.. new[] { plan.Redis, plan.ClickHouse }.OfType<ChildSpec>()], stop);
            await installation._children.StartAsync(plan.Programs, stop);
            data.Publish(plan.Addresses);
            return installation;
        }
        catch
        {
            if (installation is not null)
                await installation.DisposeAsync();
            else
                data.Dispose();
            throw;
        }
    }

    /// <summary>Ends all children at once, for an operator who asks twice.</summary>
    public void Kill() => _children.Kill();

    public async ValueTask DisposeAsync()
    {
        await _children.DisposeAsync();
        if (_sink is not null)
            await _sink.DisposeAsync();
        _data.Dispose();
    }

    private static void CheckPorts(UpOptions options, SettingSources sources)
    {
        var ports = options.Ports;
        foreach (var (program, port) in new[] { ("Mta", ports.Mta), ("Tracker", ports.Tracker), ("Aggregator", ports.Reports) })
        {
            if (sources.Program(program + ":Url") is null)
                PortPlan.MustBeFree(port, program, options.PortOption);
        }

        if (options.ClickHouse is null && sources.Program("EmbeddedClickHouse:Url") is null)
            PortPlan.MustBeFree(ports.ClickHouse, "ClickHouse", options.PortOption);
        if (options.Redis is null)
            PortPlan.MustBeFree(ports.Redis, "Redis", options.PortOption);
    }

    private void StartSink(int port, string portOption, Func<CapturedMessage, ValueTask>? capture)
    {
        PortPlan.MustBeFree(port, "sink", portOption);
        try
        {
            _sink = new SmtpSink(new SinkOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, port), MessagesFolder = Addresses.Mail }, _time, capture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException($"the sink does not start: {e.Message}");
        }
    }
}
