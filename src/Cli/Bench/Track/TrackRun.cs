using System.Globalization;
using System.Text.Json;
using Delivery.Cli.Demo;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;
using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Spectre.Console;

namespace Delivery.Cli.Bench.Track;

/// <summary>Opens and clicks at a real tracker with a Redis of its own, beside a tracker without a Redis and servers that answer the same and record nothing.</summary>
internal sealed class TrackRun(TrackOptions options, TimeProvider time, StopSignal stop)
{
    private const string JournalProgram = "tracker-journal";
    private const string Journal = "no Redis:";
    private static readonly TimeSpan Recorded = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly StepProgress _steps = new(AnsiConsole.Console, time);
    private readonly List<TrackRow> _rows = [];

    public async Task<TrackResult> RunAsync(string folder)
    {
        await using var programs = BenchPrograms.Open(Path.Combine(folder, "tracker"), null, new Dictionary<string, string>(), "4gb", time);
        await using var others = new ChildGroup(Path.Combine(folder, "logs"), new Notices(Console.Error), time);
        stop.AtOnce = () =>
        {
            programs.Kill();
            others.Kill();
        };
        var (bare, nginx, journal) = (PortPlan.Free().Mta, PortPlan.Free().Tracker, PortPlan.Free().Reports);
        await _steps.RunAsync("Starting", 1, () => 0, async () =>
        {
            await programs.StartAsync(stop.Token, BenchPrograms.Redis);
            await programs.StartAsync(stop.Token, BenchPrograms.Tracker);
            ChildSpec?[] beside = [JournalTracker(journal, programs.KeysFile, folder), Bare(bare), BenchTools.Nginx(nginx, Path.Combine(folder, "nginx"))];
            await others.StartAsync([.. beside.OfType<ChildSpec>()], stop.Token);
        });

        var keys = KeyRing.LoadOrCreate(programs.KeysFile);
        var (opens, clicks) = (TrackRequests.Opens(keys, options.Requests), TrackRequests.Clicks(keys, options.Requests));
        var servers = new List<TrackServer>
        {
            new("tracker", new Uri(programs.Addresses.Tracker).Port, () => programs.Usage(BenchPrograms.Tracker), () => programs.Usage(BenchPrograms.Redis)),
            new(Journal, journal, () => Usage(others, JournalProgram)),
            new("bare Kestrel", bare, () => Usage(others, "bare-http")),
        };
        if (others.ProcessId("nginx") != 0)
            servers.Add(new("nginx", nginx, null));
        if (options.WarmUp > 0)
            await _steps.RunAsync("Warming up", 1, () => 0, () => WarmUpAsync(servers, opens, clicks));
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var server in servers)
            {
                await AskAsync(server, server.Name == "nginx" ? "empty_gif" : "opens", opens, 200);
                if (server.Name != "nginx")
                    await AskAsync(server, "clicks", clicks, 302);
            }
        }

        var half = (Opens: Median("tracker opens").RequestsPerSecond / 2, Clicks: Median("tracker clicks").RequestsPerSecond / 2);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var server in servers.Take(3))
            {
                await AskAsync(server, "opens ½", opens, 200, half.Opens);
                await AskAsync(server, "clicks ½", clicks, 302, half.Clicks);
            }
        }

        var expected = options.WarmUp + 2L * options.Rounds * options.Requests;
        var (recordedOpens, recordedClicks) = await RecordedAsync(programs, expected);
        return new TrackResult
        {
            Requests = options.Requests,
            Connections = options.Connections,
            WarmUpRequests = options.WarmUp,
            Rounds = options.Rounds,
            Rows = [.. _rows.Select(row => row.Name).Distinct().Select(Median)],
            AllRows = _rows,
            OpensOfBare = OfBare("opens"),
            ClicksOfBare = OfBare("clicks"),
            RecordedOpens = recordedOpens,
            RecordedClicks = recordedClicks,
            ExpectedOpens = expected,
            ExpectedClicks = expected,
            Journaled = await JournaledAsync(journal),
            ExpectedJournaled = 2 * expected,
            TrackerPeakRssBytes = programs.Usage(BenchPrograms.Tracker).PeakRssBytes,
            Machine = MachineFigures.Read(),
        };
    }

    private static ProcessUsage Usage(ChildGroup group, string name) =>
        ProcessUsage.TryRead(group.ProcessId(name)) ?? throw new LaunchException($"{name} does not run", ExitCodes.Failure);

    /// <summary>A tracker whose Redis is not there: everything goes to its journal.</summary>
    private static ChildSpec JournalTracker(int port, string keysFile, string folder) => new()
    {
        Name = JournalProgram,
        Command = Programs.Command("Tracker"),
        Environment = new Dictionary<string, string>
        {
            ["Tracker__Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["Tracker__KeysFile"] = keysFile,
            ["Tracker__Journal"] = Path.Combine(folder, "journal"),
            ["Tracker__JournalMaxBytes"] = "1099511627776",
            ["Tracker__StopDeadlineMs"] = "0",
            ["Redis__Address"] = "127.0.0.1:1",
        },
        Ready = Probes.Http(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/healthz"))),
    };

    private static ChildSpec Bare(int port) => new()
    {
        Name = "bare-http",
        Command = [.. Programs.Command("Cli"), "bench", "bare-http", "--port", port.ToString(CultureInfo.InvariantCulture)],
        Ready = Probes.Http(new Uri($"http://127.0.0.1:{port}/o/x")),
    };

    private async Task WarmUpAsync(List<TrackServer> servers, byte[][] opens, byte[][] clicks)
    {
        foreach (var server in servers)
        {
            await HttpLoad.RunAsync(server.Name, server.Address, options.Connections, options.WarmUp, opens, 200, 0, stop.Token);
            if (server.Name != "nginx")
                await HttpLoad.RunAsync(server.Name, server.Address, options.Connections, options.WarmUp, clicks, 302, 0, stop.Token);
        }
    }

    private Task AskAsync(TrackServer server, string what, byte[][] requests, int expected, double perSecond = 0) =>
        _steps.RunAsync($"{server.Name} {what}", 1, () => 0, async () =>
        {
            var before = (server.Usage?.Invoke().CpuSeconds ?? 0, server.Redis?.Invoke().CpuSeconds ?? 0);
            var row = await HttpLoad.RunAsync($"{server.Name} {what}", server.Address, options.Connections, options.Requests, requests, expected, perSecond, stop.Token);
            _rows.Add(row with
            {
                CpuMicroseconds = Each((server.Usage?.Invoke().CpuSeconds ?? 0) - before.Item1),
                RedisMicroseconds = Each((server.Redis?.Invoke().CpuSeconds ?? 0) - before.Item2),
            });
        });

    private double Each(double seconds) => Math.Round(seconds * 1e6 / options.Requests, 1);

    private TrackRow Median(string name) => TrackRow.Median(_rows.Where(row => row.Name == name));

    private double OfBare(string what)
    {
        var ratios = _rows.Where(row => row.Name == "tracker " + what)
            .Zip(_rows.Where(row => row.Name == "bare Kestrel " + what), (tracker, bare) => tracker.RequestsPerSecond / bare.RequestsPerSecond)
            .Order().ToList();
        return Math.Round(ratios[ratios.Count / 2], 3);
    }

    /// <summary>What the tracker without a Redis says it has on disk; -1 where it dropped or did not confirm anything.</summary>
    private async Task<long> JournaledAsync(int port)
    {
        using var client = new HttpClient();
        using var status = JsonDocument.Parse(await client.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/status")), stop.Token));
        long Count(string name) => status.RootElement.GetProperty(name).GetInt64();
        return Count("dropped") + Count("not_confirmed") + Count("shed") == 0 ? Count("waiting") : -1;
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
