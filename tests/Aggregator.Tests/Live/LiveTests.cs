using System.Net;
using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Access;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Live;

[Collection(SharedStoresCollection.Name)]
public class LiveTests(SharedStores stores)
{
    private const string Fast = "--Aggregator:Live:Interval=00:00:00.100";

    [Fact]
    public async Task Counters_come_at_once_and_whenever_they_change_and_heartbeats_in_between()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync(settings: [Fast, "--Aggregator:Live:Heartbeat=00:00:00.300"]);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(Delivered(0, 10));
        await installation.DrainedAsync();
        using var answer = await OpenAsync(aggregator);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var first = await NextAsync(lines);
        Assert.Equal(("3", 10, true), (first.GetProperty("job").GetString(), first.GetProperty("delivered").GetInt32(), first.TryGetProperty("fresh_as_of", out _)));
        Assert.StartsWith(":", await LineAsync(lines, line => line.StartsWith(':')), StringComparison.Ordinal);

        await producer.PublishAsync(Delivered(10, 5));
        for (var delivered = 10; delivered < 15;)
            delivered = (await NextAsync(lines)).GetProperty("delivered").GetInt32();
    }

    [Fact]
    public async Task A_job_that_nothing_happens_to_is_hardly_looked_at()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync(settings: [Fast, "--Aggregator:Live:Heartbeat=00:00:00.200"]);
        await installation.NewProducer(1).PublishAsync(Delivered(0, 3));
        await installation.DrainedAsync();
        var began = TimeProvider.System.GetTimestamp();
        using var answer = await OpenAsync(aggregator);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var beats = 0; beats < 10; beats++)
            await LineAsync(lines, line => line.StartsWith(':'));
        var jobs = aggregator.Service<Delivery.Aggregator.Live.LiveJobs>();
        var live = jobs.TryJoin(Installation.Account, 3)!;
        var anyway = (long)(TimeProvider.System.GetElapsedTime(began) / TimeSpan.FromSeconds(15));

        // One when it began, and one more where what was drained was committed meanwhile.
        Assert.InRange(live.Looks, 1, 2 + anyway);
        jobs.Leave(Installation.Account, 3, live);
    }

    [Fact]
    public async Task Many_watchers_cost_what_one_does_up_to_a_bound_and_nothing_once_they_left()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync(settings: [Fast, "--Aggregator:Live:MaxWatchers=3"]);
        await installation.NewProducer(1).PublishAsync(Delivered(0, 3));
        await installation.DrainedAsync();
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 3; i++)
            answers.Add(await OpenAsync(aggregator));
        using (var refused = await OpenAsync(aggregator))
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(1, aggregator.Service<Delivery.Aggregator.Live.LiveJobs>().Count);
        foreach (var answer in answers)
            answer.Dispose();
        await Eventually.HoldsAsync(() => aggregator.Service<Delivery.Aggregator.Live.LiveJobs>().Count == 0, "nothing is looked at");
        using var again = await OpenAsync(aggregator);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_job_of_nobody_or_of_another_account_and_a_call_out_of_form_are_refused()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync(settings: Fast);
        await installation.NewProducer(1).PublishAsync(Delivered(0, 3));
        await installation.DrainedAsync();
        foreach (var (path, key, status) in ((string, string?, HttpStatusCode)[])
            [("/v1/jobs/3/live", Installation.OtherKey, HttpStatusCode.NotFound), ("/v1/jobs/4/live", Installation.Key, HttpStatusCode.NotFound), ("/v1/jobs/x/live", Installation.Key, HttpStatusCode.NotFound),
             ("/v1/jobs/3/live", null, HttpStatusCode.Unauthorized), ("/v1/jobs/3/live", Installation.SubmitKey, HttpStatusCode.Forbidden), ("/v1/jobs/3/live?step=1", Installation.Key, HttpStatusCode.BadRequest)])
        {
            using var answer = await aggregator.GetAsync(path, key);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_revoked_key_and_a_stop_of_the_program_end_it()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "accounts.json");
        const string key = "dlv_k1_0123456789abcdef0123";
        await WriteAsync(file, key);
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync(settings: [Fast, $"--Access:File={file}"]);
        await installation.NewProducer(1).PublishAsync(Delivered(0, 3));
        await installation.DrainedAsync();
        using var ofFile = await OpenAsync(aggregator, key);
        using var ofSettings = await OpenAsync(aggregator);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ofFile.StatusCode, ofSettings.StatusCode));
        await WriteAsync(file, null);
        await EndsAsync(ofFile);
        await aggregator.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await EndsAsync(ofSettings);
    }

    private static async Task WriteAsync(string file, string? key)
    {
        var account = new Account
        {
            Id = Installation.Account,
            Name = "watching",
            Keys = key is null ? [] : [new AccountKey { Id = "k1", Rights = "read", Sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))) }],
        };
        await File.WriteAllBytesAsync(file, new AccountsFile { Accounts = [account] }.ToJson());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task EndsAsync(HttpResponseMessage answer) =>
        Assert.Contains("counters", await answer.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> OpenAsync(TestAggregator aggregator, string key = Installation.Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs/3/live") { Headers = { { "Authorization", "Bearer " + key } } };
        return await aggregator.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<JsonElement> NextAsync(StreamReader lines) =>
        JsonDocument.Parse((await LineAsync(lines, line => line.StartsWith("data: ", StringComparison.Ordinal)))["data: ".Length..]).RootElement;

    private static async Task<string> LineAsync(StreamReader lines, Func<string, bool> which)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await lines.ReadLineAsync(deadline.Token) is { } line)
        {
            if (which(line))
                return line;
        }

        throw new EndOfStreamException();
    }

    private static List<DeliveryEvent> Delivered(int from, int count) =>
    [
        .. Enumerable.Range(from, count).Select(recipient => new DeliveryEvent
        {
            Kind = EventKind.Delivered, TimeMs = EventLimits.MinTimeMs + recipient, Account = Installation.Account, Job = 3, Recipient = (uint)recipient,
        }),
    ];
}
