using System.Globalization;
using System.Net;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary>From the job API to the report through every program, started by <c>delivery up</c>.</summary>
public sealed class LineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task With_curl_alone_a_job_is_submitted_followed_clicked_and_reported()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{relay.Port}");
        var id = await SubmitAsync(up, 3);
        await FinishedAsync(up, id);

        var message = relay.Messages.Single(message => message.Recipient == ExampleJob.Address("person", 1));
        var links = MailLinks.Clicks(message);
        var head = await up.CurlAsync("-i", links[0]);
        await up.CurlAsync(links[0]);
        await up.CurlAsync(links[2]);
        await up.CurlAsync(MailLinks.Pixel(message));
        var page = await up.CurlAsync("-i", MailLinks.Unsubscribe(message));
        var left = await up.CurlAsync("-i", "-d", "List-Unsubscribe=One-Click", MailLinks.Unsubscribe(message));

        Assert.StartsWith("HTTP/1.1 302", head, StringComparison.Ordinal);
        Assert.Contains("Location: https://shop.example/sale?a=1&who=1\r\n", head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", page, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", left, StringComparison.Ordinal);

        JsonElement report = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                report = JsonDocument.Parse(await up.CurlAsync($"{up.Reports}/v1/jobs/{id}/report")).RootElement;
                return report.GetProperty("unsubscribes").GetProperty("total").GetInt32() == 1 && report.GetProperty("delivered").GetInt32() == 3;
            },
            "the report shows it");
        Assert.Equal(3, report.GetProperty("clicks").GetProperty("total").GetInt32());
        Assert.Equal(1, report.GetProperty("clicks").GetProperty("unique").GetInt32());
        Assert.Equal(1, report.GetProperty("opens").GetProperty("total").GetInt32());
        var first = report.GetProperty("links")[0];
        Assert.Equal("https://shop.example/sale?a=1&who={{n}}", first.GetProperty("url").GetString());
        Assert.Equal(2, first.GetProperty("clicks").GetInt32());
        Assert.Equal(1, first.GetProperty("unique_clicks").GetInt32());
        var csv = await up.CurlAsync($"{up.Reports}/v1/jobs/{id}/report/clicks.csv");
        Assert.Equal(4, csv.Trim().Split('\n').Length);
        var sql = await up.CurlAsync($"{up.ClickHouse}/?query=SELECT+url,loop_index+FROM+delivery.events+WHERE+kind='clicked'+ORDER+BY+time,position+FORMAT+TSV");
        Assert.Equal(["https://shop.example/sale?a=1&who=1\t0", "https://shop.example/sale?a=1&who=1\t0", "https://shop.example/p/jug\t1"], sql.Trim().Split('\n'));

        var next = await SubmitAsync(up, 3);
        Assert.Equal(1, (await FinishedAsync(up, next)).GetProperty("dropped").GetInt32());
        Assert.Equal(5, relay.Messages.Count);
    }

    [Fact]
    public async Task Every_program_killed_once_and_each_figure_is_still_true()
    {
        const int Recipients = 3_000;
        await using var relay = new ScriptedSmtpServer();
        await using var up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{relay.Port}");
        var id = await SubmitAsync(up, Recipients);
        string[] victims = ["Delivery.Mta.dll", "Delivery.Aggregator.dll", "Delivery.EmbeddedClickHouse.dll", "redis-server", "Delivery.Mta.dll", "Delivery.Tracker.dll"];
        for (var i = 0; i < victims.Length; i++)
        {
            var enough = Recipients * (i + 1) / (victims.Length + 2);
            await Eventually.HoldsAsync(() => relay.Messages.Count >= enough, $"{enough} messages were sent", TimeSpan.FromMinutes(1));
            await up.KillChildAsync(victims[i]);
        }

        var status = await FinishedAsync(up, id, TimeSpan.FromMinutes(2));
        Assert.Equal(Recipients, status.GetProperty("delivered").GetInt32());
        var copies = relay.Messages.GroupBy(message => message.Recipient).ToList();
        Assert.Equal(Recipients, copies.Count);
        Assert.True(copies.Count(copy => copy.Count() > 1) <= status.GetProperty("uncertain").GetInt32(), "a copy that is not named");

        await Eventually.HoldsAsync(
            async () => (await HttpAsync(up.Tracker + "/readyz")).StatusCode == HttpStatusCode.OK, "the tracker is back");
        var expected = await ReadAsync(copies.Take(200).Select(copy => copy.First()));

        var exact = $"accepted {Recipients}, delivered {Recipients}, opens 200/200, clicks {expected}";
        var reported = "";
        try
        {
            await Eventually.HoldsAsync(async () => (reported = await FiguresAsync(up, id)) == exact, "the report is exact", TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            Assert.Equal(exact, reported);
        }

        var raw = await up.CurlAsync(
            $"{up.ClickHouse}/?query=SELECT+count(),uniqExact(producer,shard,number),countIf(kind='delivered'),uniqExactIf(recipient,kind='delivered')+FROM+delivery.events+FORMAT+TSV");
        var counts = raw.Trim().Split('\t').Select(long.Parse).ToArray();
        Assert.Equal(counts[0], counts[1]);
        Assert.Equal(Recipients, counts[2]);
        Assert.Equal(Recipients, counts[3]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Opens each mail once and clicks its first link once or twice; returns the clicks.</summary>
    private static async Task<int> ReadAsync(IEnumerable<ReceivedMessage> messages)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0");
        var clicks = 0;
        foreach (var message in messages)
        {
            using var pixel = await client.GetAsync(MailLinks.Pixel(message));
            Assert.Equal(HttpStatusCode.OK, pixel.StatusCode);
            for (var again = 0; again <= clicks % 2; again++)
            {
                using var click = await client.GetAsync(MailLinks.Clicks(message)[0]);
                Assert.Equal(HttpStatusCode.Redirect, click.StatusCode);
            }

            clicks += 1 + clicks % 2;
        }

        return clicks;
    }

    private static async Task<string> FiguresAsync(UpProcess up, string id)
    {
        var report = JsonDocument.Parse(await up.CurlAsync($"{up.Reports}/v1/jobs/{id}/report")).RootElement;
        var opens = report.GetProperty("opens");
        return $"accepted {report.GetProperty("recipients").GetProperty("accepted")}, delivered {report.GetProperty("delivered")}, "
            + $"opens {opens.GetProperty("total")}/{opens.GetProperty("unique")}, clicks {report.GetProperty("clicks").GetProperty("total")}";
    }

    private static async Task<HttpResponseMessage> HttpAsync(string url)
    {
        using var client = new HttpClient();
        return await client.GetAsync(url);
    }

    private async Task<string> SubmitAsync(UpProcess up, int recipients)
    {
        var job = await ExampleJob.FileAsync(_folder.Path, recipients);
        var answer = JsonDocument.Parse(await up.CurlAsync("-H", "Content-Type: application/json", "--data-binary", $"@{job}", $"{up.Mta}/v1/jobs")).RootElement;
        Assert.Equal(recipients, answer.GetProperty("accepted").GetInt32());
        return answer.GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> FinishedAsync(UpProcess up, string id, TimeSpan? deadline = null)
    {
        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () => (status = JsonDocument.Parse(await up.CurlAsync($"{up.Mta}/v1/jobs/{id}")).RootElement).GetProperty("state").GetString() == "finished",
            string.Create(CultureInfo.InvariantCulture, $"job {id} is finished"),
            deadline);
        return status;
    }
}
