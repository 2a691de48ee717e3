using System.Net;
using System.Text;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Tokens;
using Delivery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Delivery.Tracker.Tests;

/// <summary>The real program on a port of its own, against a real Redis under a prefix of its own.</summary>
internal sealed class TrackerHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConnectionMultiplexer _redis;
    private readonly LogLines? _lines;
    private WebApplication? _app;

    private TrackerHost(ConnectionMultiplexer redis, RedisOptions options, LogLines? lines)
    {
        _lines = lines;
        _redis = redis;
        Redis = options;
        Keys = KeyRing.LoadOrCreate(_folder.File("keys.json"));
        Tokens = new TrackingTokens(Keys);
        Client = NewClient();
    }

    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public static readonly TrackingSubject Subject = new(7, 18_446_744_073_709_551_557UL, 41, 1_763_769_600);

    public static readonly RecipientKey Person = new(0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210);

    public string JournalFolder => _folder.File("journal");

    public RedisOptions Redis { get; }

    public KeyRing Keys { get; }

    public TrackingTokens Tokens { get; }

    public HttpClient Client { get; private set; }

    public IDatabase Database => _redis.GetDatabase();

    public Uri Address { get; private set; } = null!;

    /// <summary>Null where no setting asks for https.</summary>
    public Uri? HttpsAddress { get; private set; }

    /// <summary>Looks at the accounts file now.</summary>
    /// <exception cref="InvalidDataException">It is no accounts file.</exception>
    public void RefreshAccounts() => _app!.Services.GetRequiredService<Contracts.Access.ApiKeyTable>().Refresh(DateTime.UtcNow);

    public static Task<TrackerHost> StartAsync(RedisProcess redis, params string[] settings) => StartAsync(redis, null, settings);

    /// <param name="lines">Gets what the program logs.</param>
    public static async Task<TrackerHost> StartAsync(RedisProcess redis, LogLines? lines, params string[] settings)
    {
        var connection = await redis.ConnectAsync();
        var host = new TrackerHost(connection, new RedisOptions { Address = redis.Address, Prefix = $"t{Guid.NewGuid():N}:", Shards = ShardsIn(settings) }, lines);
        await host.LaunchAsync(settings);
        return host;
    }

    public async Task LaunchAsync(params string[] settings)
    {
        string[] arguments =
        [
            "--Tracker:Url=http://127.0.0.1:0", $"--Tracker:KeysFile={_folder.File("keys.json")}",
            $"--Tracker:Journal={JournalFolder}", "--Tracker:IpAddresses=Full", "--Tracker:DrainMs=0",
            $"--Redis:Address={Redis.Address}", $"--Redis:Prefix={Redis.Prefix}", _lines is null ? "--Logging:LogLevel:Default=None" : "--Logging:LogLevel:Default=Warning", .. settings,
        ];
        _app = TrackerProgram.Build(arguments, services =>
        {
            if (_lines is not null)
                services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(_lines);
        });
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = new Uri(addresses.Addresses.First(address => address.StartsWith("http:", StringComparison.Ordinal)));
        HttpsAddress = addresses.Addresses.FirstOrDefault(address => address.StartsWith("https:", StringComparison.Ordinal)) is { } https ? new Uri(https) : null;
        if (Client.BaseAddress is not null)
        {
            Client.Dispose();
            Client = NewClient();
        }

        Client.BaseAddress = Address;
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    public string Open(TrackingSubject? subject = null) => Write((s, b) => Tokens.WriteOpen(s, b), subject);

    public string Click(string url = "https://example.com/a?b=c#d", ushort position = 3, TrackingSubject? subject = null) =>
        Write((s, b) => Tokens.WriteClick(s, new LinkPlace(2, position, 1), Encoding.UTF8.GetBytes(url), b), subject);

    public string Unsubscribe(TrackingSubject? subject = null, uint list = 0, MailLanguage language = MailLanguage.Unknown) =>
        Write((s, b) => Tokens.WriteUnsubscribe(s, Person, list, b, language: language), subject);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            if (value.Length > 0)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        if (headers.Any(h => h is { Name: "User-Agent", Value: "" }))
            request.Headers.TryAddWithoutValidation("User-Agent", " ");
        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<JsonElement> StatusAsync()
    {
        using var document = JsonDocument.Parse(await Client.GetStringAsync("/status"));
        return document.RootElement.Clone();
    }

    public async Task<long> CountAsync(string name) => (await StatusAsync()).GetProperty(name).GetInt64();

    /// <summary>Waits until nothing waits for Redis and the connection works.</summary>
    public Task SettledAsync() => Eventually.HoldsAsync(
        async () => await StatusAsync() is var s && s.GetProperty("redis").GetBoolean() && s.GetProperty("waiting").GetInt64() == 0,
        "the tracker has published all that waited");

    /// <summary>All events in all streams, after everything that waits is published; checks that each entry is sound.</summary>
    public async Task<List<StreamEvent>> EventsAsync()
    {
        await SettledAsync();
        await Eventually.HoldsAsync(AnswersAsync, "the test's own connection is back");
        return await StreamEvent.ReadAllAsync(Database, Redis);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await Database.PingAsync();
            return true;
        }
        catch (RedisException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        _redis.Dispose();
        _folder.Dispose();
    }

    private static HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Browser);
        return client;
    }

    private static string Write(Func<TrackingSubject, byte[], int> write, TrackingSubject? subject)
    {
        var buffer = new byte[TrackingTokens.MaxLength];
        return Encoding.ASCII.GetString(buffer, 0, write(subject ?? Subject, buffer));
    }

    private static int ShardsIn(string[] settings) =>
        settings.FirstOrDefault(s => s.StartsWith("--Redis:Shards=", StringComparison.Ordinal)) is { } s ? int.Parse(s["--Redis:Shards=".Length..]) : 1;
}
