using System.Globalization;
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
        var mail = JsonDocument.Parse(await up.CurlAsync($"{up.Reports}/v1/jobs/{id}/mail")).RootElement;
        Assert.Equal(
            """
            <html><body><p>Hello ‹name›</p><a data-position="1">Sale</a>
            <a data-position="2">‹this›</a>
            <a data-position="3">Terms</a> <a>leave</a></body></html>
            """,
            mail.GetProperty("html").GetString());
        Assert.Equal("{{name}}, a look at spring", mail.GetProperty("subject").GetString());
        var csv = await up.CurlAsync($"{up.Reports}/v1/jobs/{id}/report/clicks.csv");
        Assert.Equal(4, csv.Trim().Split('\n').Length);
        var sql = await up.CurlAsync($"{up.ClickHouse}/?query=SELECT+url,loop_index+FROM+delivery.events+WHERE+kind='clicked'+ORDER+BY+time,position+FORMAT+TSV");
        Assert.Equal(["https://shop.example/sale?a=1&who=1\t0", "https://shop.example/sale?a=1&who=1\t0", "https://shop.example/p/jug\t1"], sql.Trim().Split('\n'));

        var next = await SubmitAsync(up, 3);
        Assert.Equal(1, (await FinishedAsync(up, next)).GetProperty("dropped").GetInt32());
        Assert.Equal(5, relay.Messages.Count);
    }

    [Fact]
    public async Task Up_starts_each_killed_program_again_and_the_next_job_goes_through()
    {
        const int Recipients = 20;
        await using var relay = new ScriptedSmtpServer();
        await using var up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{relay.Port}");
        string[] victims = ["Delivery.Mta.dll", "Delivery.Aggregator.dll", "Delivery.EmbeddedClickHouse.dll", "redis-server", "Delivery.Tracker.dll"];
        foreach (var victim in victims)
            await up.KillChildAsync(victim);

        var id = "";
        await Eventually.HoldsAsync(
            async () => (id = await SubmitAsync(up, Recipients)).Length > 0, "the job is accepted", TimeSpan.FromMinutes(1));
        var status = await FinishedAsync(up, id, TimeSpan.FromMinutes(1));
        Assert.Equal(Recipients, status.GetProperty("delivered").GetInt32());
        await Eventually.HoldsAsync(
            async () => JsonDocument.Parse(await up.CurlAsync($"{up.Reports}/v1/jobs/{id}/report")).RootElement.GetProperty("delivered").GetInt32() == Recipients,
            "the report shows it",
            TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _folder.Dispose();

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
