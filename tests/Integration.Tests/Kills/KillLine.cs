using System.Diagnostics;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Kills;

/// <summary>All programs of an installation, each a process that can be killed and started again on the same data and port, and the sink behind them.</summary>
internal sealed class KillLine : IAsyncDisposable
{
    private const string ApiKey = "the-key-of-the-kill-test";
    private const int Shards = 2;
    private readonly Dictionary<string, string> _aggregator;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <param name="fsync">When Redis flushes its log: <c>everysec</c> or <c>always</c>.</param>
    public KillLine(string folder, int sinkPort, string fsync)
    {
        Folder = folder;
        var port = FreePort.Block(6);
        (Mta, Tracker, Reports, ClickHouse, RedisPort) = (Local(port), Local(port + 1), Local(port + 2), Local(port + 3), port + 4);
        foreach (var name in new[] { "redis", "logs" })
            Directory.CreateDirectory(File(name));
        var shared = new Dictionary<string, string>
        {
            ["Redis__Address"] = $"127.0.0.1:{RedisPort}",
            ["Redis__Shards"] = $"{Shards}",
            ["Access__ApiKeys__0__Account"] = "1",
            ["Access__ApiKeys__0__Key"] = ApiKey,
        };
        Redis = new RestartableProcess("redis", RedisCommand(fsync), new Dictionary<string, string>(), File("logs/redis.log"));
        Engine = Program("clickhouse", "EmbeddedClickHouse", [], new()
        {
            ["EmbeddedClickHouse__Url"] = ClickHouse,
            ["EmbeddedClickHouse__Path"] = File("clickhouse"),
            ["EmbeddedClickHouse__Library"] = RepositoryRoot.Tool("lib/libchdb.so"),
        });
        _aggregator = shared.Append(new("Aggregator__ClickHouse__Url", ClickHouse)).ToDictionary();
        AggregatorProgram = Aggregator("aggregator", Reports);
        SecondAggregator = Aggregator("aggregator2", Local(port + 5));
        TrackerProgram = Program("tracker", "Tracker", shared, new()
        {
            ["Tracker__Url"] = Tracker,
            ["Tracker__KeysFile"] = File("keys.json"),
            ["Tracker__Journal"] = File("tracker-journal"),
            ["Tracker__Classification__ClickTooSoon"] = "00:00:00",
            ["Tracker__Classification__OpenTooSoon"] = "00:00:00",
            ["Tracker__AnswerDeadlineMs"] = "20000", // a machine that is slow is no reason to answer before the event is safe
        });
        MtaProgram = Program("mta", "Mta", shared, new()
        {
            ["Mta__Url"] = Mta,
            ["Mta__Spool"] = File("spool"),
            ["Mta__KeysFile"] = File("keys.json"),
            ["Mta__TrackerUrl"] = Tracker,
            ["Mta__MaxRecipientsPerCall"] = "1000000",
            ["Mta__RetryFirst"] = "00:00:01",
            ["Mta__RetryMax"] = "00:00:04",
            ["Mta__KeepPublished"] = "00:00:02",
            ["Mta__Smtp__RelayHost"] = "127.0.0.1",
            ["Mta__Smtp__RelayPort"] = $"{sinkPort}",
        });
        Spool = new SpoolFile(File("spool/spool.db"));
    }

    public string Folder { get; }

    public string Mta { get; }

    public string Tracker { get; }

    public string Reports { get; }

    public string ClickHouse { get; }

    public int RedisPort { get; }

    public RestartableProcess Redis { get; }

    public RestartableProcess Engine { get; }

    public RestartableProcess AggregatorProgram { get; }

    /// <summary>Competes with the first for every shard.</summary>
    public RestartableProcess SecondAggregator { get; }

    public RestartableProcess TrackerProgram { get; }

    public RestartableProcess MtaProgram { get; }

    public SpoolFile Spool { get; }

    /// <summary>In the order in which they are started.</summary>
    public IReadOnlyList<RestartableProcess> Programs => [Redis, Engine, AggregatorProgram, SecondAggregator, TrackerProgram, MtaProgram];

    public int PortOf(RestartableProcess program) => new Uri(Mta).Port + (program.Name switch
    {
        "mta" => 0,
        "tracker" => 1,
        "aggregator" => 2,
        "clickhouse" => 3,
        "aggregator2" => 5,
        _ => 4,
    });

    public string File(string name) => Path.Combine(Folder, name);

    public async Task StartAsync()
    {
        foreach (var program in Programs)
            program.Start();
        foreach (var url in new[] { Reports, Tracker, Mta })
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var answer = await _client.GetAsync(url + "/readyz");
                    return answer.IsSuccessStatusCode;
                },
                $"{url} is ready (see {Folder}/logs)",
                TimeSpan.FromMinutes(2));
        }
    }

    public async Task<HttpResponseMessage> SubmitAsync(byte[] job, string idempotencyKey, TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline);
        using var request = new HttpRequestMessage(HttpMethod.Post, Mta + "/v1/jobs") { Content = new ByteArrayContent(job) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Authorization = new("Bearer", ApiKey);
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await _client.SendAsync(request, limit.Token);
    }

    /// <summary>What the job API says of a job.</summary>
    public async Task<JsonElement> StatusAsync(string job) => await GetAsync($"{Mta}/v1/jobs/{job}");

    /// <summary>Events that wait in the tracker.</summary>
    public async Task<long> TrackerWaitsAsync() => (await GetAsync(Tracker + "/status")).GetProperty("waiting").GetInt64();

    /// <summary>The rows of a query, their columns as text.</summary>
    public async Task<List<string[]>> QueryAsync(string sql)
    {
        using var content = new StringContent(sql + " FORMAT TSV");
        using var answer = await _client.PostAsync($"{ClickHouse}/?database=delivery", content);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{text}\n{sql}");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('\t'))];
    }

    /// <summary>Entries of a stream, such as <c>entries</c> or <c>dead</c>, in all shards.</summary>
    /// <exception cref="IOException">Redis does not say: it still loads its data.</exception>
    public async Task<long> StreamLengthAsync(string name)
    {
        var length = 0L;
        for (var shard = 0; shard < Shards; shard++)
        {
            var answer = await Shell.RunAsync(RepositoryRoot.Tool("bin/redis-cli"), "-p", $"{RedisPort}", "XLEN", $"delivery:{{events:{shard}}}:{name}");
            if (!long.TryParse(answer, System.Globalization.CultureInfo.InvariantCulture, out var entries))
                throw new IOException($"Redis: {answer}");
            length += entries;
        }

        return length;
    }

    /// <summary>What <c>./delivery audit</c> finds, or nothing where all agrees.</summary>
    public async Task<string> AuditAsync()
    {
        var command = RestartableProcess.Program("Aggregator");
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "audit", "{}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _aggregator)
            start.Environment[name] = value;
        using var audit = Process.Start(start)!;
        var error = audit.StandardError.ReadToEndAsync();
        var said = await audit.StandardOutput.ReadToEndAsync();
        await audit.WaitForExitAsync();
        return audit.ExitCode == 0 ? "" : $"exit code {audit.ExitCode}: {said}{await error}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Programs.Reverse())
            await program.DisposeAsync();
        _client.Dispose();
    }

    private async Task<JsonElement> GetAsync(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new("Bearer", ApiKey);
        using var answer = await _client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone();
    }

    /// <summary>As the launcher starts it.</summary>
    private string[] RedisCommand(string fsync) =>
    [
        RepositoryRoot.Tool("bin/redis-server"), "--port", $"{RedisPort}", "--bind", "127.0.0.1", "--dir", File("redis"),
        "--appendonly", "yes", "--appendfsync", fsync, "--save", "", "--maxmemory", "1gb", "--maxmemory-policy", "noeviction", "--daemonize", "no",
    ];

    private RestartableProcess Aggregator(string name, string url) => Program(name, "Aggregator", _aggregator, new()
    {
        ["Aggregator__Url"] = url,
        ["Aggregator__LeaseTime"] = "00:00:02",
        ["Aggregator__MaxRetryDelay"] = "00:00:01",
    });

    private RestartableProcess Program(string name, string project, Dictionary<string, string> shared, Dictionary<string, string> own) =>
        new(name, RestartableProcess.Program(project), shared.Concat(own).ToDictionary(), File($"logs/{name}.log"));

    private static string Local(int port) => $"http://127.0.0.1:{port}";
}
