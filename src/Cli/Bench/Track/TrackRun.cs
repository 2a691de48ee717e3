using System.Globalization;
using System.Net;
using Delivery.Cli.Demo;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;
using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Spectre.Console;

namespace Delivery.Cli.Bench.Track;

/// <summary>Opens and clicks at a real tracker with a Redis of its own, beside servers that answer the same and record nothing.</summary>
internal sealed class TrackRun(TrackOptions options, TimeProvider time, StopSignal stop)
{
    private static readonly TimeSpan Recorded = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly StepProgress _steps = new(AnsiConsole.Console, time);
    private readonly List<TrackRow> _rows = [];
    private readonly Dictionary<string, double> _cpu = [];

    public async Task<TrackResult> RunAsync(string folder)
    {
        await using var programs = BenchPrograms.Open(Path.Combine(folder, "tracker"), null, new Dictionary<string, string>(), "4gb", time);
        await using var others = new ChildGroup(Path.Combine(folder, "logs"), new Notices(Console.Error), time);
        stop.AtOnce = () =>
        {
            programs.Kill();
            others.Kill();
        };
        var (bare, nginx) = (PortPlan.Free().Mta, PortPlan.Free().Tracker);
        await _steps.RunAsync("Starting", 1, () => 0, async () =>
        {
            await programs.StartAsync(stop.Token, BenchPrograms.Redis);
            await programs.StartAsync(stop.Token, BenchPrograms.Tracker);
            await others.StartAsync([.. new[] { Bare(bare), BenchTools.Nginx(nginx, Path.Combine(folder, "nginx")) }.OfType<ChildSpec>()], stop.Token);
        });

        var keys = KeyRing.LoadOrCreate(programs.KeysFile);
        var (opens, clicks) = (TrackRequests.Opens(keys, options.Requests), TrackRequests.Clicks(keys, options.Requests));
        var tracker = new Uri(programs.Addresses.Tracker).Port;
        var (tracked, redis) = (programs.Usage(BenchPrograms.Tracker), programs.Usage(BenchPrograms.Redis));
        await AskAsync("tracker opens", tracker, opens, 200);
        await AskAsync("tracker clicks", tracker, clicks, 302);
        var usage = programs.Usage(BenchPrograms.Tracker);
        _cpu["tracker"] = Math.Round(usage.CpuSeconds - tracked.CpuSeconds, 2);
        _cpu["redis"] = Math.Round(programs.Usage(BenchPrograms.Redis).CpuSeconds - redis.CpuSeconds, 2);
        await AskAsync("bare Kestrel opens", bare, opens, 200);
        await AskAsync("bare Kestrel clicks", bare, clicks, 302);
        if (others.ProcessId("nginx") != 0)
            await AskAsync("nginx empty_gif", nginx, opens, 200);

        var expected = options.WarmUp + options.Requests;
        var (recordedOpens, recordedClicks) = await RecordedAsync(programs, expected);
        return new TrackResult
        {
            Requests = options.Requests,
            Connections = options.Connections,
            WarmUpRequests = options.WarmUp,
            Rows = _rows,
            RecordedOpens = recordedOpens,
            RecordedClicks = recordedClicks,
            ExpectedOpens = expected,
            ExpectedClicks = expected,
            CpuSeconds = _cpu,
            TrackerPeakRssBytes = usage.PeakRssBytes,
            Machine = MachineFigures.Read(),
        };
    }

    private static ChildSpec Bare(int port) => new()
    {
        Name = "bare-http",
        Command = [.. Programs.Command("Cli"), "bench", "bare-http", "--port", port.ToString(CultureInfo.InvariantCulture)],
        Ready = Probes.Http(new Uri($"http://127.0.0.1:{port}/o/x")),
    };

    private async Task AskAsync(string name, int port, byte[][] requests, int expected)
    {
        var server = new IPEndPoint(IPAddress.Loopback, port);
        if (options.WarmUp > 0)
            await HttpLoad.RunAsync(name, server, options.Connections, options.WarmUp, requests, expected, stop.Token);
        await _steps.RunAsync(name, 1, () => 0, async () =>
            _rows.Add(await HttpLoad.RunAsync(name, server, options.Connections, options.Requests, requests, expected, stop.Token)));
    }

    /// <summary>What the stream holds once it holds as much as it should, or a little later. An answer whose event was late waits in the tracker.</summary>
    private async Task<(long Opens, long Clicks)> RecordedAsync(BenchPrograms programs, long expected)
    {
        using var marks = await EventMarks.ConnectAsync(programs.Addresses.Redis);
        var begin = time.GetTimestamp();
        while (await marks.TotalAsync() < 2 * expected && time.GetElapsedTime(begin) < Recorded)
            await Task.Delay(Poll, time, stop.Token);
        var kinds = await StreamTally.ReadAsync(marks.Database, EventMarks.Names);
        return (kinds[(byte)EventKind.Opened], kinds[(byte)EventKind.Clicked]);
    }
}
