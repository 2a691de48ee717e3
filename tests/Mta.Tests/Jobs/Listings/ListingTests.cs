using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Listings;

/// <summary>Who is in a job and where they stand, and who was not taken.</summary>
public sealed class ListingTests : IAsyncLifetime
{
    private MtaFixture _mta = null!;

    public async Task InitializeAsync() => _mta = await MtaFixture.StartAsync(("Mta__RetryFirst", "01:00:00"));

    public async Task DisposeAsync() => await _mta.DisposeAsync();

    [Fact]
    public async Task Pages_hold_every_recipient_of_a_state_once()
    {
        _mta.Peer.Script = exchange => exchange.Step != SmtpStep.Rcpt ? null
            : exchange.Recipient!.StartsWith("person7", StringComparison.Ordinal) ? "550 5.1.1 nobody here"
            : exchange.Recipient.StartsWith("person8", StringComparison.Ordinal) ? "450 4.2.0 later" : null;
        var id = await _mta.SubmitAsync(MtaFixture.Job(100));
        await Eventually.HoldsAsync(async () => (await _mta.StatusAsync(id)).GetProperty("queued").GetInt64() == 0, "all were tried");

        var bounced = await AllAsync(id, "state=bounced&limit=4");
        var deferred = await AllAsync(id, "state=deferred");
        var delivered = await AllAsync(id, "state=delivered&limit=7");
        var all = await AllAsync(id, "limit=30");

        Assert.Equal([7, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79], bounced.Select(one => one.GetProperty("ordinal").GetInt32()));
        Assert.Contains("nobody here", bounced[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(("person7@example.com", "Person 7", "crm-7", "bounced", 1, false), (
            bounced[0].GetProperty("email").GetString(), bounced[0].GetProperty("name").GetString(), bounced[0].GetProperty("id").GetString(),
            bounced[0].GetProperty("state").GetString(), bounced[0].GetProperty("attempts").GetInt32(), bounced[0].GetProperty("uncertain").GetBoolean()));
        Assert.Equal(11, deferred.Count);
        Assert.Equal(78, delivered.Count);
        Assert.Equal(Enumerable.Range(0, 100), all.Select(one => one.GetProperty("ordinal").GetInt32()));
        Assert.Empty(await AllAsync(id, "state=dropped"));
        Assert.Empty(await AllAsync(id, "uncertain=true"));
        Assert.Equal(100, (await AllAsync(id, "uncertain=false")).Count);
    }

    [Theory]
    [InlineData("state=lost", "delivered")]
    [InlineData("state=Delivered", "delivered")]
    [InlineData("limit=0", "1 to 1000")]
    [InlineData("limit=x", "1 to 1000")]
    [InlineData("after=-1", "next")]
    [InlineData("uncertain=perhaps", "true or false")]
    [InlineData("page=2", "after")]
    public async Task A_question_that_is_not_understood_is_told_what_may_be_asked(string query, string word)
    {
        var id = await _mta.OpenAsync();
        using var answer = await _mta.Client.GetAsync($"/v1/jobs/{id}/recipients?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(word, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rare_state_is_found_over_pages_of_a_large_job()
    {
        var id = await _mta.OpenAsync();
        await _mta.UploadAsync(id, string.Concat(Enumerable.Range(0, 120_000).Select(n => $"{{\"address\":\"p{n}@example.com\"}}\n")));
        await _mta.Program.StopAsync();
        _mta.Spool("UPDATE recipient SET state = 5, uncertain = 1, detail = 'suppressed' WHERE ordinal = 110000");
        await _mta.Program.LaunchAsync();

        var found = await AllAsync(id, "state=dropped");

        Assert.Equal(110_000, Assert.Single(found).GetProperty("ordinal").GetInt32());
        Assert.Single(await AllAsync(id, "uncertain=true"));
    }

    [Fact]
    public async Task Rejections_are_listed_for_uploads_and_for_single_calls_and_no_spreadsheet_runs_them()
    {
        var id = await _mta.OpenAsync();
        await _mta.UploadAsync(id, $"{Uploading.Line(0)}\n{{\"address\":\"=cmd|x!A1@b\\\"c\"}}\n{{}}\n");
        var job = MtaFixture.Job(2);
        ((List<object>)job["recipients"]!).Insert(1, new { address = "nobody" });
        var whole = await _mta.SubmitAsync(job);

        var lines = (await _mta.Client.GetStringAsync($"/v1/jobs/{id}/rejections")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/rejections");
        request.Headers.Accept.ParseAdd("text/csv");
        using var csv = await _mta.Client.SendAsync(request);
        var text = await csv.Content.ReadAsStringAsync();
        var single = JsonDocument.Parse(await _mta.Client.GetStringAsync($"/v1/jobs/{whole}/rejections")).RootElement;

        Assert.Equal([2, 3], lines.Select(line => line.GetProperty("line").GetInt32()));
        Assert.Equal("=cmd|x!A1@b\"c", lines[0].GetProperty("email").GetString());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("email").ValueKind);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.Equal(text, await _mta.Client.GetStringAsync($"/v1/jobs/{id}/rejections?format=csv"));
        Assert.StartsWith("line,email,reason\r\n2,\"'=cmd|x!A1@b\"\"c\",\"", text, StringComparison.Ordinal);
        Assert.Equal((1, "nobody"), (single.GetProperty("index").GetInt32(), single.GetProperty("email").GetString()));
        Assert.Equal(1, (await _mta.StatusAsync(whole)).GetProperty("rejected").GetInt64());
    }

    private async Task<List<JsonElement>> AllAsync(string id, string query)
    {
        var found = new List<JsonElement>();
        for (string? next = ""; next is not null;)
        {
            var page = await _mta.Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{id}/recipients?{query}{(next.Length > 0 ? $"&after={next}" : "")}");
            found.AddRange(page.GetProperty("recipients").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        return found;
    }
}
