using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Dashboard;

/// <summary>The whole product with jobs that were sent and read, for the tests that look at their page. Nothing is started before the first asks.</summary>
public sealed partial class PageInstallation : IAsyncLifetime
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim _once = new(1);
    private readonly HttpClient _reader = new(new HttpClientHandler { AllowAutoRedirect = false });
    private ScriptedSmtpServer? _relay;
    private UpProcess? _up;
    private HttpClient? _client;

    internal UpProcess Up => _up!;

    internal PageJob Tables { get; private set; } = null!;

    internal PageJob Plain { get; private set; } = null!;

    internal PageJob Hebrew { get; private set; } = null!;

    internal PageJob Hostile { get; private set; } = null!;

    internal HttpClient Client => _client!;

    public Task InitializeAsync() => Task.CompletedTask;

    internal async Task ReadyAsync()
    {
        await _once.WaitAsync();
        try
        {
            if (_up is not null)
                return;
            _relay = new ScriptedSmtpServer();
            _up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{_relay.Port}");
            _client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _up.Key);
            Plain = await SendAsync("plain", 160, "Two things, {{name}}", PageMails.Plain, [40, 12, 0], [1, 2, 3]);
            Tables = await SendAsync("spring", 240, "{{name}}, fresh for the table", PageMails.Tables, [61, 14, 38, 22, 97, 0, 3], [1, 2, 3, 4, 5, 7]);
            Hebrew = await SendAsync("summer", 120, "{{name}}, הקיץ הגיע", PageMails.Hebrew, [31, 44, 18, 1], [1, 2, 3, 4]);
            Hostile = await SendAsync("\"><b>harm</b>", 6, $"Harm {PageMails.Hostile}", PageMails.Harm, [2], [1], PageMails.Hostile);
        }
        finally
        {
            _once.Release();
        }
    }

    internal async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>($"{Up.Reports}{path}");

    internal async Task<long> EventsAsync()
    {
        using var answer = await Client.GetAsync(new Uri($"{Up.ClickHouse}/?query=SELECT+count()+FROM+delivery.events"));
        return long.Parse(await answer.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>One person opens the plain mail once more: what comes after it in the count came after it in the stream, too.</summary>
    internal async Task OpenOnceMoreAsync() => await ReadAsync(MailLinks.Pixel(MailOf("plain", 0)), Browser);

    /// <summary>For pictures alone, since the other tests know what was read: readers of the next thirty hours as rows, where those of the tests read within seconds.</summary>
    internal async Task ReadOnAsync()
    {
        using var statement = new StringContent($"""
            INSERT INTO delivery.events (producer, shard, number, kind, time, account, job, recipient, link, position, class)
            WITH cityHash64(number) AS dice, (dice % 997) / 997 AS share, number % 6 = 0 AS clicks, [5, 5, 5, 1, 1, 3, 4, 2, 7][1 + dice % 9] AS place
            SELECT 1, 0, number, if(clicks, 'clicked', 'opened'),
                now64(3) + toIntervalSecond(toInt64(if(dice % 5 < 3, least(-ln(1 - share) * 7200, 43200), 72000 + 36000 * share))),
                account, job, 1 + dice % if(clicks, 70, 150), if(clicks, place, 0), if(clicks, place, 0), if(dice % 11 = 0 AND NOT clicks, 'proxy', 'human')
            FROM (SELECT account, job, n.number AS number FROM delivery.jobs FINAL CROSS JOIN numbers(1000) AS n WHERE job = {Tables.Id})
            """);
        using var answer = await Client.PostAsync(new Uri(Up.ClickHouse), statement);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task DisposeAsync()
    {
        if (_up is not null)
            await _up.DisposeAsync();
        if (_relay is not null)
            await _relay.DisposeAsync();
        _client?.Dispose();
        _reader.Dispose();
        _once.Dispose();
    }

    private static string Address(string name, int n) => ExampleJob.Address(Slug().Replace(name, "x"), n);

    private ReceivedMessage MailOf(string name, int n) => _relay!.Messages.Single(message => message.Recipient == Address(name, n));

    /// <param name="clickers">How many people click the link of position 1, 2, …; the recipients from the first on.</param>
    private async Task<PageJob> SendAsync(string campaign, int recipients, string subject, string html, int[] clickers, int[] positions, string id = "crm")
    {
        using var submitted = await Client.PostAsJsonAsync($"{Up.Mta}/v1/jobs", new
        {
            campaign_id = campaign,
            content = new { from = new { email = "news@shop.example", name = "The Shop" }, subject, html },
            recipients = Enumerable.Range(0, recipients).Select(n => new
            {
                address = new { email = Address(campaign, n), name = $"Person {n}" },
                id = $"{id}-{campaign}-{n}",
                substitution_data = new { name = $"P{n}", n, items = new[] { "1", "2" }, vip = n % 2 == 0 },
            }),
        });
        var answer = await submitted.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(submitted.IsSuccessStatusCode, answer.ToString());
        var job = answer.GetProperty("id").GetString()!;
        await Eventually.HoldsAsync(() => Enumerable.Range(0, recipients).All(n => _relay!.Messages.Any(one => one.Recipient == Address(campaign, n))), "the mail has arrived", Limit);

        var agent = id == "crm" ? Browser : $"Mozilla/5.0 {PageMails.Hostile}";
        for (var n = 0; n < recipients / 2; n++)
            await ReadAsync(MailLinks.Pixel(MailOf(campaign, n)), agent);
        var clicks = new Dictionary<int, int>();
        for (var position = 1; position <= clickers.Length; position++)
        {
            clicks[position] = clickers[position - 1];
            for (var n = 0; n < clickers[position - 1]; n++)
                await ReadAsync(LinkAt(MailOf(campaign, PersonFor(html, position, n)), html, position, n), agent);
        }

        // Two machines: a scanner asks with HEAD.
        for (var n = 0; n < 2; n++)
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, MailLinks.Clicks(MailOf(campaign, recipients - 1 - n))[0]);
            using var _ = await _reader.SendAsync(head);
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                using var asked = await Client.GetAsync(new Uri($"{Up.Reports}/v1/jobs/{job}/report"));
                if (!asked.IsSuccessStatusCode)
                    return false;
                var report = await asked.Content.ReadFromJsonAsync<JsonElement>();
                return report.GetProperty("delivered").GetInt32() == recipients
                    && report.GetProperty("opens").GetProperty("unique").GetInt32() == recipients / 2
                    && report.GetProperty("clicks").GetProperty("total").GetInt32() == clickers.Sum()
                    && report.GetProperty("machines").GetProperty("clicks").GetProperty("total").GetInt32() == 2;
            },
            "everything is counted",
            Limit);
        return new PageJob(campaign, job, recipients, clicks, positions);
    }

    /// <summary>In the Hebrew mail position 3 is for members alone, who are the even ones; 4 for the others.</summary>
    private static int PersonFor(string html, int position, int n) => html != PageMails.Hebrew ? n : position == 4 ? 2 * n + 1 : 2 * n;

    /// <summary>The place of a position among the links of one person's mail.</summary>
    private static string LinkAt(ReceivedMessage message, string html, int position, int n)
    {
        var links = MailLinks.Clicks(message);
        if (html != PageMails.Hebrew)
            return links[position - 1];
        return position switch { 1 => links[0], 2 => links[1 + n % 2], _ => links[3] };
    }

    private async Task ReadAsync(string url, string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var answer = await _reader.SendAsync(request);
        Assert.True((int)answer.StatusCode < 400, $"{url}: {answer.StatusCode}");
    }

    [GeneratedRegex("[^a-z0-9]")]
    private static partial Regex Slug();
}
