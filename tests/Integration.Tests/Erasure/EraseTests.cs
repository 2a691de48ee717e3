using System.Text.Json;
using System.Text.Json.Nodes;
using Delivery.Testing;
using Microsoft.Data.Sqlite;

namespace Delivery.Integration.Tests.Erasure;

/// <summary>A person is erased from the whole line, and nothing of them is in any file afterwards.</summary>
public sealed class EraseTests : IDisposable
{
    private const string Address = "Zaphod.Quillfeather@hapax-domain.example";
    private const string Id = "crm-QX7751-zq";
    private const string Browser = "HapaxBrowser/77.13";
    private const string Ip = "203.0.113.77";
    private const string Neighbour = "neighbour.one@example.com";

    private static readonly byte[] IpBytes = [0xFF, 0xFF, 203, 0, 113, 77];

    private static readonly string[] Texts =
        ["zaphod.quillfeather", "hapax-domain.example", "Zaphodina", Id, "plaid-gnu-3391", "teapotWhisperer42", Browser, Ip];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Nothing_of_an_erased_person_is_left_in_any_file_and_the_figures_are_as_before()
    {
        await using var relay = new ScriptedSmtpServer();
        relay.Script = exchange => exchange.Step == SmtpStep.Rcpt && Volatile.Read(ref _defers) && exchange.Recipient.Contains("Quillfeather", StringComparison.OrdinalIgnoreCase)
            ? SmtpAnswer.Of($"451 4.2.0 <{Address}> is busy, try later") : null;
        var data = _folder.File("data");
        await using var up = await UpProcess.StartAsync(
            new Dictionary<string, string> { ["Tracker__TrustedProxies__0"] = "127.0.0.1" }, "--relay", $"127.0.0.1:{relay.Port}", "--data", data);
        var first = await SubmitAsync(up, "first", list: 5);
        await StateAsync(up, first, status => status.GetProperty("state").GetString() == "finished");
        foreach (var address in new[] { Address, Neighbour })
            await ReadAsync(up, relay.Messages.First(message => message.Recipient == address), address == Address ? Browser : "Plain/1.0", address == Address ? Ip : "198.51.100.4");
        Volatile.Write(ref _defers, true);
        var second = await SubmitAsync(up, "second", list: 7);
        await StateAsync(up, second, status => status.GetProperty("deferred").GetInt32() == 1);
        await ReportAsync(up, first, report => report["unsubscribes"]!["total"]!.GetValue<int>() == 1 && report["opens"]!["total"]!.GetValue<int>() == 2);
        await ReportAsync(up, second, report => report["deferred"]!.GetValue<int>() >= 1 && report["delivered"]!.GetValue<int>() == 1);
        var before = await ReportAsync(up, first, _ => true);
        var secret = await ClickHouseAsync(up, $"SELECT count() FROM delivery.events WHERE user_agent = '{Browser}' FORMAT TSV");
        Assert.NotEqual("0", secret);
        Assert.NotEmpty(Traces.In(Path.Combine(data, "redis"), Texts));
        var neighbour = await NeighbourAsync(up, first);

        var looked = await EraseAsync(up, "--dry-run");
        Assert.Equal(2, looked["mta"]![0]!["recipients"]!.GetValue<int>());
        Assert.Equal(2, looked["clickhouse_and_redis"]!["recipients"]!.GetValue<int>());
        await Eventually.HoldsAsync(() => OutboxIsEmpty(data), "all events were published", TimeSpan.FromMinutes(1));
        var backup = _folder.File("before.tar.gz");
        await DeliveryAsync("backup", backup, "--data", data);
        var receipt = await EraseAsync(up);
        Assert.True(receipt["complete"]!.GetValue<bool>(), receipt.ToJsonString());
        Assert.Equal(1, receipt["mta"]![0]!["ended"]!.GetValue<int>());
        Assert.Equal(2, receipt["clickhouse_and_redis"]!["recipients"]!.GetValue<int>());

        Assert.Equal(before.ToJsonString(), (await ReportAsync(up, first, _ => true)).ToJsonString());
        var after = await ReportAsync(up, second, report => report["dropped"]!.GetValue<int>() == 1);
        Assert.Equal((2, 1), (after["recipients"]!["accepted"]!.GetValue<int>(), after["delivered"]!.GetValue<int>()));
        Assert.Equal(neighbour, await NeighbourAsync(up, first));
        foreach (var table in new[] { "events", "recipients", "jobs", "links", "mails", "erased" })
        {
            foreach (var text in Texts)
            {
                Assert.Equal("0", await ClickHouseAsync(
                    up, $"SELECT count() FROM delivery.{table} WHERE positionCaseInsensitive(formatRow('JSONEachRow', *), '{text}') > 0 FORMAT TSV"));
            }
        }

        Assert.Equal("0", await ClickHouseAsync(up, $"SELECT count() FROM system.mutations WHERE positionCaseInsensitive(command, 'quillfeather') > 0 FORMAT TSV"));
        var again = await EraseAsync(up);
        Assert.True(again["complete"]!.GetValue<bool>(), again.ToJsonString());
        Assert.Equal((0, 0), (again["mta"]![0]!["recipients"]!.GetValue<int>(), again["clickhouse_and_redis"]!["recipients"]!.GetValue<int>()));

        Assert.Equal(0, await up.StopAsync());
        Assert.Empty(Traces.In(data, Texts));
        Assert.Empty(Traces.In(data, IpBytes));
        await DeliveryAsync("restore", backup, "--data", data, "--force");
        Assert.Empty(Traces.In(Path.Combine(data, "spool"), Texts));
        Assert.Empty(Traces.In(_folder.File("receipts"), Texts));
    }

    [Fact]
    public async Task What_comes_late_of_an_erased_person_is_counted_and_brings_nobody_back()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var up = await UpProcess.StartAsync(
            new Dictionary<string, string> { ["Tracker__TrustedProxies__0"] = "127.0.0.1" }, "--relay", $"127.0.0.1:{relay.Port}", "--data", _folder.File("data"));
        var job = await SubmitAsync(up, "first", list: 5);
        await StateAsync(up, job, status => status.GetProperty("state").GetString() == "finished");
        await ReportAsync(up, job, report => report["delivered"]!.GetValue<int>() == 2);
        Assert.True((await EraseAsync(up))["complete"]!.GetValue<bool>());
        await ReadAsync(up, relay.Messages.First(message => message.Recipient == Address), Browser, Ip);
        var report = await ReportAsync(up, job, found => found["unsubscribes"]!["total"]!.GetValue<int>() == 1);

        Assert.Equal(1, report["opens"]!["unique"]!.GetValue<int>());
        Assert.Equal("0", await ClickHouseAsync(up, $"SELECT countIf(user_agent != '' OR ip != toIPv6('::') OR url != '') FROM delivery.events WHERE kind IN ('opened', 'clicked', 'unsubscribed') FORMAT TSV"));
        var next = await SubmitAsync(up, "next");
        await StateAsync(up, next, status => status.GetProperty("state").GetString() == "finished" && status.GetProperty("dropped").GetInt32() == 1);
        Assert.Equal(3, relay.Messages.Count);
    }

    public void Dispose() => _folder.Dispose();

    private bool _defers;

    private static bool OutboxIsEmpty(string data)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "spool", "spool.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM outbox";
        return (long)command.ExecuteScalar()! == 0;
    }

    private static async Task DeliveryAsync(params string[] arguments)
    {
        using var said = new StringWriter();
        Assert.True(await Cli.CommandLine.RunAsync(arguments, said) == 0, said.ToString());
    }

    private async Task<JsonNode> EraseAsync(UpProcess up, params string[] more)
    {
        Directory.CreateDirectory(_folder.File("receipts"));
        var file = Path.Combine(_folder.File("receipts"), $"{Guid.NewGuid():N}.json");
        using var said = new StringWriter();
        var code = await Cli.CommandLine.RunAsync(["erase", "--address", Address, "--data", up.Data, "--receipt", file, .. more], said);
        Assert.True(File.Exists(file), said.ToString());
        var receipt = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.True(code == 0, said + receipt.ToJsonString());
        return receipt;
    }

    private async Task<string> SubmitAsync(UpProcess up, string campaign, int list = 0)
    {
        var job = JsonSerializer.Serialize(new
        {
            campaign_id = campaign,
            options = list == 0 ? (object)new { } : new { list },
            content = new
            {
                from = new { email = "news@shop.example", name = "The Shop" },
                subject = "{{name}}, a look at spring",
                html = "<html><body><p>Hello {{name}}</p><a href=\"https://shop.example/sale?who={{n}}\">Sale</a> <a href=\"{{unsubscribe_url}}\">leave</a></body></html>",
            },
            recipients = new object[]
            {
                new { address = new { email = Address, name = "Zaphodina Quillfeather" }, id = Id, metadata = new { team = "plaid-gnu-3391" }, substitution_data = new { name = "Zaphodina", n = "teapotWhisperer42" } },
                new { address = new { email = Neighbour, name = "Neighbour" }, id = "crm-2", metadata = new { team = "blue" }, substitution_data = new { name = "Nell", n = "two" } },
            },
        });
        var path = _folder.File("job.json");
        await File.WriteAllTextAsync(path, job);
        var answer = JsonDocument.Parse(await up.CurlAsync("-H", "Content-Type: application/json", "--data-binary", $"@{path}", $"{up.Mta}/v1/jobs")).RootElement;
        Assert.True(answer.TryGetProperty("accepted", out var accepted) && accepted.GetInt32() == 2, answer.GetRawText());
        return answer.GetProperty("id").GetString()!;
    }

    /// <summary>Opens, clicks, and (the person alone) leaves.</summary>
    private static async Task ReadAsync(UpProcess up, ReceivedMessage message, string browser, string ip)
    {
        string[] from = ["-A", browser, "-H", $"X-Forwarded-For: {ip}"];
        await up.CurlAsync([.. from, MailLinks.Pixel(message)]);
        await up.CurlAsync([.. from, MailLinks.Clicks(message)[0]]);
        if (browser == Browser)
            await up.CurlAsync([.. from, "-d", "List-Unsubscribe=One-Click", MailLinks.Unsubscribe(message)]);
    }

    private static async Task StateAsync(UpProcess up, string job, Func<JsonElement, bool> wanted)
    {
        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () => wanted(status = JsonDocument.Parse(await up.CurlAsync($"{up.Mta}/v1/jobs/{job}")).RootElement), "the job is as far", TimeSpan.FromMinutes(2));
    }

    private static async Task<JsonNode> ReportAsync(UpProcess up, string job, Func<JsonNode, bool> wanted)
    {
        JsonNode report = new JsonObject();
        await Eventually.HoldsAsync(
            async () => (report = JsonNode.Parse(await up.CurlAsync($"{up.Reports}/v1/jobs/{job}/report"))!)["delivered"] is not null && wanted(report),
            "the report shows it", TimeSpan.FromMinutes(2));
        report.AsObject().Remove("fresh_as_of");
        return report;
    }

    private static async Task<string> NeighbourAsync(UpProcess up, string job) =>
        await ClickHouseAsync(up, $"SELECT kind, time, url, user_agent, ip FROM delivery.events WHERE job = {job} AND recipient = 1 ORDER BY kind, time FORMAT TSV")
        + await ClickHouseAsync(up, $"SELECT upstream_id, hex(recipient_key), domain, metadata FROM delivery.recipients FINAL WHERE job = {job} AND recipient = 1 FORMAT TSV")
        + JsonDocument.Parse(await up.CurlAsync($"{up.Mta}/v1/jobs/{job}/recipients")).RootElement.GetProperty("recipients")[1].GetRawText();

    private static async Task<string> ClickHouseAsync(UpProcess up, string sql) =>
        (await Shell.RunAsync("curl", ["-s", "--max-time", "20", up.ClickHouse, "--data-binary", sql])).Trim();
}
