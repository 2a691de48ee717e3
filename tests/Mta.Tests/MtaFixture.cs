using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Mta.Tests;

/// <summary>A real Mta process with a spool and a Redis of its own, sending to a scripted peer.</summary>
internal sealed class MtaFixture : IAsyncDisposable
{
    public const string Key = "test-key-0123456789abcdef";
    public const string OtherKey = "other-key-0123456789abcdef";

    private readonly TemporaryFolder _folder = new();
    private HttpClient? _client;
    private ConnectionMultiplexer? _redis;

    private MtaFixture(RedisProcess redis, ScriptedSmtpServer peer)
    {
        Redis = redis;
        Peer = peer;
    }

    public RedisProcess Redis { get; }

    public ScriptedSmtpServer Peer { get; }

    public ProgramProcess Program { get; private set; } = null!;

    public HttpClient Client
    {
        get
        {
            if (_client is null || _client.BaseAddress != Program.Url)
            {
                _client?.Dispose();
                _client = new HttpClient { BaseAddress = Program.Url };
                _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            }

            return _client;
        }
    }

    public static async Task<MtaFixture> StartAsync(params (string Name, string Value)[] settings)
    {
        var fixture = new MtaFixture(await RedisProcess.StartAsync(), new ScriptedSmtpServer());
        var all = new Dictionary<string, string>
        {
            ["Mta__Url"] = "http://127.0.0.1:0",
            ["Mta__Spool"] = fixture._folder.File("spool"),
            ["Mta__DkimFolder"] = fixture._folder.File("dkim"),
            ["Mta__KeysFile"] = fixture._folder.File("keys.json"),
            ["Mta__TrackerUrl"] = "http://track.example",
            ["Mta__Smtp__RelayPort"] = $"{fixture.Peer.Port}",
            ["Mta__Smtp__ReconnectDelay"] = "00:00:00.050",
            ["Mta__RetryFirst"] = "00:00:00.200",
            ["Mta__TransactionalRetryFirst"] = "00:00:00.200",
            ["Redis__Address"] = fixture.Redis.Address,
            ["Access__ApiKeys__0__Account"] = "1",
            ["Access__ApiKeys__0__Key"] = Key,
            ["Access__ApiKeys__1__Account"] = "2",
            ["Access__ApiKeys__1__Key"] = OtherKey,
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        fixture.Program = await ProgramProcess.StartAsync("Mta", all);
        return fixture;
    }

    /// <summary>A file of the Mta's data.</summary>
    public string Folder(string name) => _folder.File(name);

    /// <summary>A small job for <paramref name="recipients"/> people; data holds <c>n</c>, their ordinal.</summary>
    public static Dictionary<string, object?> Job(int recipients, string html = "<p>Hello {{name}}, number {{n}}: <a href=\"https://shop.example/{{n}}\">look</a></p>") =>
        new()
        {
            ["campaign_id"] = "spring",
            ["content"] = new Dictionary<string, object?>
            {
                ["from"] = new { email = "news@shop.example", name = "The Shop" },
                ["subject"] = "Number {{n}}",
                ["html"] = html,
            },
            ["recipients"] = Enumerable.Range(0, recipients).Select(n => Recipient(n)).ToList(),
        };

    public static object Recipient(int n) =>
        new
        {
            address = new { email = $"person{n}@example.com", name = $"Person {n}" },
            id = $"crm-{n}",
            substitution_data = new { name = $"P{n}", n },
        };

    public Task<HttpResponseMessage> PostAsync(object job, string? idempotencyKey = null) =>
        PostTextAsync(JsonSerializer.Serialize(job), idempotencyKey);

    public async Task<HttpResponseMessage> PostTextAsync(string body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await Client.SendAsync(request);
    }

    /// <summary>Submits a job that must be accepted; returns its id.</summary>
    public async Task<string> SubmitAsync(object job)
    {
        using var answer = await PostAsync(job);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return body.GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> StatusAsync(string job)
    {
        var status = await Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{job}");
        Assert.Equal(
            status.GetProperty("accepted").GetInt64(),
            new[] { "queued", "deferred", "delivered", "bounced", "expired", "dropped" }.Sum(state => status.GetProperty(state).GetInt64()));
        return status;
    }

    public async Task<JsonElement> FinishedAsync(string job, TimeSpan? deadline = null)
    {
        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () => (status = await StatusAsync(job)).GetProperty("state").GetString() == "finished", "the job is finished", deadline);
        return status;
    }

    /// <summary>Looks into the spool beside the running Mta.</summary>
    public bool OutboxIsEmpty() => (long)Spool("SELECT count(*) FROM outbox")! == 0;

    /// <summary>Runs a statement on the spool; returns the first value.</summary>
    public object? Spool(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("spool/spool.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Records in the stream of shard 0, in order: kind, recipient (for events) and number.</summary>
    public async Task<List<(byte Kind, uint Recipient, ulong Number)>> RecordsAsync()
    {
        _redis ??= await Redis.ConnectAsync();
        var entries = (RedisResult[])(await _redis.GetDatabase().ExecuteAsync("XRANGE", "delivery:{events:0}:entries", "-", "+"))!;
        var records = new List<(byte, uint, ulong)>();
        foreach (var entry in entries)
        {
            var fields = (RedisResult[])((RedisResult[])entry!)[1]!;
            var first = ulong.Parse((string)fields[3]!);
            Assert.True(EntryReader.TryOpen((byte[])fields[7]!, (int)fields[5], out var reader, out var fault), fault);
            for (var number = first; reader.TryNext(); number++)
            {
                Assert.Null(reader.Fault);
                var recipient = reader.Kind < DimensionKind.Job ? BitConverter.ToUInt32(reader.Body[21..]) : 0;
                records.Add((reader.Kind, recipient, number));
            }
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (Program is not null)
            await Program.DisposeAsync();
        await Peer.DisposeAsync();
        if (_redis is not null)
            await _redis.CloseAsync(allowCommandsToComplete: false);
        await Redis.DisposeAsync();
        _folder.Dispose();
    }
}
