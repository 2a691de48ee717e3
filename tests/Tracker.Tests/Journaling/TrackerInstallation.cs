using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Tokens;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Tracker.Tests.Journaling;

/// <summary>A tracker and a Redis as processes, readers that click all the time, and a ledger of the clicks that were answered for.</summary>
internal sealed partial class TrackerInstallation : IAsyncDisposable
{
    private const int Readers = 16;
    private readonly TemporaryFolder _folder = new();
    private readonly TrackingTokens _tokens;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly List<Task> _readers = [];
    private int _ordinal;
    private int _unanswered;

    private TrackerInstallation(RedisProcess redis)
    {
        Redis = redis;
        _tokens = new TrackingTokens(KeyRing.LoadOrCreate(_folder.File("keys.json")));
        Options = new RedisOptions { Address = redis.Address, Prefix = "t:" };
        Settings = new Dictionary<string, string>
        {
            ["Tracker__Url"] = "http://127.0.0.1:0",
            ["Tracker__KeysFile"] = _folder.File("keys.json"),
            ["Tracker__Journal"] = Journal,
            ["Tracker__AnswerDeadlineMs"] = "60000",
            ["Tracker__DrainMs"] = "0",
            ["Redis__Address"] = redis.Address,
            ["Redis__Prefix"] = "t:",
        };
    }

    public RedisProcess Redis { get; }

    public RedisOptions Options { get; }

    public ProgramProcess Tracker { get; private set; } = null!;

    public string Journal => _folder.File("journal");

    public Dictionary<string, string> Settings { get; }

    /// <summary>Ordinals of the clicks that were answered with 302.</summary>
    public ConcurrentBag<int> Answered { get; } = [];

    /// <summary>Clicks that got no answer, or another one.</summary>
    public int Unanswered => _unanswered;

    public static Task<TrackerInstallation> StartAsync(params (string Name, string Value)[] settings) => StartAsync(settings, []);

    public static async Task<TrackerInstallation> StartAsync((string Name, string Value)[] settings, params string[] redis)
    {
        var installation = new TrackerInstallation(await RedisProcess.StartAsync(redis));
        foreach (var (name, value) in settings)
            installation.Settings["Tracker__" + name] = value;
        installation.Tracker = await ProgramProcess.StartAsync("Tracker", installation.Settings);
        return installation;
    }

    public async Task<bool> ClickAsync()
    {
        var ordinal = NextOrdinal();
        var watch = Stopwatch.StartNew();
        try
        {
            using var answer = await _client.GetAsync(new Uri(Tracker.Url, "/c/" + Token(ordinal)));
            _milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            if (answer.StatusCode == HttpStatusCode.Found)
            {
                Answered.Add(ordinal);
                return true;
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            // The tracker is gone: nothing was promised.
        }

        Interlocked.Increment(ref _unanswered);
        return false;
    }

    /// <summary>For a click of the caller's own: it counts as asked for.</summary>
    public int NextOrdinal() => Interlocked.Increment(ref _ordinal);

    public string Token(int ordinal)
    {
        var buffer = new byte[TrackingTokens.MaxLength];
        var length = _tokens.WriteClick(
            TrackerHost.Subject with { Recipient = (uint)ordinal }, new LinkPlace(2, 3, 1), Encoding.UTF8.GetBytes("https://example.com/" + ordinal), buffer);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    public async Task ClickAsync(int times)
    {
        for (var i = 0; i < times; i++)
            Assert.True(await ClickAsync());
    }

    /// <summary>Clicks from several readers at once, until <see cref="CheckAsync"/>.</summary>
    public void StartReaders()
    {
        for (var i = 0; i < Readers; i++)
        {
            _readers.Add(Task.Run(async () =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    if (!await ClickAsync())
                        await Task.Delay(5);
                }
            }));
        }
    }

    /// <summary>Returns once so many more clicks were answered.</summary>
    public async Task AnsweredAsync(int more)
    {
        var before = Answered.Count;
        await Eventually.HoldsAsync(() => Answered.Count >= before + more, $"{more} more clicks are answered", TimeSpan.FromSeconds(60));
    }

    /// <summary>Milliseconds of every answer since the last call, from the quickest to the slowest.</summary>
    public double[] TakeTimes()
    {
        var times = new List<double>();
        while (_milliseconds.TryTake(out var one))
            times.Add(one);
        times.Sort();
        return [.. times];
    }

    public double SlowestPercent()
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted[sorted.Length * 99 / 100];
    }

    public async Task<JsonElement> StatusAsync()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri(Tracker.Url, "/status")));
        return document.RootElement.Clone();
    }

    /// <summary>
    /// Stops the readers, waits until the tracker has published everything, and holds the streams against the ledger: every answered click is
    /// there once, no click is there twice, and every producer's numbers are 1, 2, 3, …
    /// </summary>
    public async Task<List<StreamEvent>> CheckAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_readers);
        await Eventually.HoldsAsync(
            async () => await StatusAsync() is var s && s.GetProperty("redis").GetBoolean() && s.GetProperty("waiting").GetInt64() == 0,
            "all is published",
            TimeSpan.FromSeconds(60));
        using var redis = await Redis.ConnectAsync();
        var events = await StreamEvent.ReadAllAsync(redis.GetDatabase(), Options);
        var recipients = events.Select(e => (int)e.Row.Recipient).ToList();
        Assert.Empty(recipients.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Empty(Answered.Except(recipients));
        Assert.Empty(recipients.Except(Enumerable.Range(1, _ordinal)));
        Publishing.PublishingTests.AssertGapFree(events);
        return events;
    }

    /// <summary>SIGSTOP: Redis takes connections and bytes, and never answers. SIGCONT undoes it.</summary>
    public async Task<Action> FreezeRedisAsync()
    {
        const int sigcont = 18, sigstop = 19;
        using var redis = await Redis.ConnectAsync();
        var info = (string)(await redis.GetDatabase().ExecuteAsync("INFO", ["server"]))!;
        var process = int.Parse(info.Split('\n').First(line => line.StartsWith("process_id:", StringComparison.Ordinal))["process_id:".Length..]);
        Assert.Equal(0, SendSignal(process, sigstop));
        return () => SendSignal(process, sigcont);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Tracker.DisposeAsync();
        await Redis.DisposeAsync();
        await Task.WhenAll(_readers);
        _client.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
