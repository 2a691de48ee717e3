using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary>A campaign is read, and one call sends the next job to those who opened it and did not click a link: the whole product at work.</summary>
public sealed class FollowUpTests
{
    private const int People = 60;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_next_job_goes_to_exactly_those_who_opened_and_did_not_click_also_when_the_mta_is_killed_meanwhile()
    {
        var mails = new ConcurrentQueue<ReceivedMessage>();
        await using var relay = new ScriptedSmtpServer { Keeps = false, Taken = mails.Enqueue };
        await using var up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{relay.Port}");
        using var client = new HttpClient { BaseAddress = new Uri(up.Mta), Timeout = Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", up.Key);
        var (status, first) = await SubmitAsync(client, ExampleJob.Json(People, "follow"), "first");
        Assert.Equal(202, status);
        var source = first.GetProperty("id").GetString()!;
        await FinishedAsync(client, source);

        // Every second one opens; every sixth follows the link at position 3, every tenth the one at position 1, some without loading the pixel.
        var byAddress = mails.ToDictionary(mail => mail.Recipient);
        using var reader = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        for (var n = 0; n < People; n++)
        {
            var mail = byAddress[ExampleJob.Address("follow", n)];
            if (n % 2 == 0)
                await ReadAsync(reader, MailLinks.Pixel(mail));
            if (n % 6 == 0)
                await ReadAsync(reader, MailLinks.Clicks(mail)[ExampleJob.Places.Count - 1]);
            if (n % 10 == 5)
                await ReadAsync(reader, MailLinks.Clicks(mail)[0]);
        }

        var opened = Enumerable.Range(0, People).Where(n => n % 2 == 0).ToList();
        var wanted = opened.Where(n => n % 6 != 0).Select(n => ExampleJob.Address("follow", n)).Order().ToList();
        await Eventually.HoldsAsync(async () => await CountAsync(up, source, "opened=true") == opened.Count && await CountAsync(up, source, "clicked=true") == 16, "all that was read is counted", Limit);
        Assert.Equal(wanted.Count, await CountAsync(up, source, "opened=true&not_clicked_position=3"));
        var ids = await up.CurlAsync($"{up.Reports}/v1/jobs/{source}/audience?opened=true&not_clicked_position=3&format=text");
        Assert.Equal(opened.Where(n => n % 6 != 0).Select(n => $"crm-{n}"), ids.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        var again = JsonSerializer.Serialize(new
        {
            campaign_id = "again",
            content = new { from = "news@shop.example", subject = "Again, {{name}}", text = "Number {{n}}: {{offer}}" },
            substitution_data = new { offer = "ten off" },
            recipients = new { audience = new { job = source, opened = true, not_clicked_position = 3 } },
        });
        mails.Clear();
        await up.KillChildAsync("Delivery.Mta.dll");
        JsonElement second = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    (status, second) = await SubmitAsync(client, again, "second");
                    return status == 202;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the job is taken", Limit);
        Assert.Equal((wanted.Count, wanted.Count), (second.GetProperty("accepted").GetInt32(), second.GetProperty("audience").GetProperty("people").GetInt32()));
        await FinishedAsync(client, second.GetProperty("id").GetString()!);
        var (replayed, same) = await SubmitAsync(client, again, "second");

        Assert.Equal((202, second.GetRawText()), (replayed, same.GetRawText()));
        Assert.Equal(wanted, mails.Select(mail => mail.Recipient).Order());
        Assert.All(mails, mail => Assert.Matches("Again, P([0-9]+)(.|\n|\r)*Number \\1: ten off", mail.Text));
        var (none, problem) = await SubmitAsync(client, again.Replace("\"opened\":true", "\"opened\":true,\"bounced\":true", StringComparison.Ordinal), "nobody");
        Assert.Equal((409, 0), (none, problem.GetProperty("people").GetInt32()));
        var (slip, told) = await SubmitAsync(client, again.Replace("\"not_clicked_position\":3", "\"not_clicked_position\":33", StringComparison.Ordinal), "slip");
        Assert.Equal(400, slip);
        Assert.Contains("positions 1, 2, 3", told.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task ReadAsync(HttpClient reader, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.ParseAdd("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0");
        using var answer = await reader.SendAsync(request);
        Assert.True((int)answer.StatusCode is 200 or 302);
    }

    private static async Task<int> CountAsync(UpProcess up, string job, string conditions)
    {
        var answer = JsonElement.Parse(await up.CurlAsync($"{up.Reports}/v1/jobs/{job}/audience/count?{conditions}"));
        return answer.TryGetProperty("people", out var people) ? people.GetInt32() : -1;
    }

    private static async Task<(int Status, JsonElement Body)> SubmitAsync(HttpClient client, string job, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent(job, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task FinishedAsync(HttpClient client, string job) => await Eventually.HoldsAsync(
        async () => (await client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{job}")).GetProperty("state").GetString() == "finished", "the job is finished", Limit);
}
