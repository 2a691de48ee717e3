using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Queue;

/// <summary>The queue is seen as it is, by its own account alone, and changed exactly where it was meant.</summary>
public sealed class QueueTests : IAsyncLifetime
{
    private MtaFixture _mta = null!;

    public async Task InitializeAsync()
    {
        _mta = await MtaFixture.StartAsync(("Mta__RetryFirst", "01:00:00"));
        _mta.Peer.Script = at => at.Step == SmtpStep.Rcpt && at.Line.Contains("full.example", StringComparison.Ordinal)
            ? $"452 4.2.2 <{at.Recipient}> is over quota, ticket 123456"
            : at.Step == SmtpStep.Rcpt && at.Line.Contains("busy.example", StringComparison.Ordinal) ? "451 4.7.1 Try again later" : null;
    }

    public async Task DisposeAsync() => await _mta.DisposeAsync();

    [Fact]
    public async Task The_summary_says_what_waits_and_why()
    {
        var id = await SubmitAsync("a@full.example", "b@full.example", "c@busy.example", "d@fine.example");
        await DeferredAsync(id, 3);
        var all = await GetAsync("/v1/queue");

        Assert.Equal(3, all.GetProperty("counts").GetProperty("deferred").GetInt64());
        Assert.Equal(0, all.GetProperty("counts").GetProperty("waiting").GetInt64());
        Assert.False(all.GetProperty("approximate").GetBoolean());
        Assert.Equal(["full.example", "busy.example"], all.GetProperty("domains").EnumerateArray().Select(one => one.GetProperty("domain").GetString()));
        var reason = all.GetProperty("reasons")[0];
        Assert.Equal("452 4.2.2 <address> is over quota, ticket <n>", reason.GetProperty("reason").GetString());
        Assert.Equal("mailbox_full", reason.GetProperty("class").GetString());
        Assert.Equal(2, reason.GetProperty("recipients").GetInt64());
        Assert.Equal(JsonValueKind.Null, all.GetProperty("oldest").GetProperty("due_since").ValueKind);
        var one = await GetAsync("/v1/queue?domain=BUSY.example&older_than=1s&class=mail_block&reason=try+AGAIN");
        await Eventually.HoldsAsync(
            async () => (await GetAsync("/v1/queue?domain=BUSY.example&older_than=1s&reason=try+AGAIN")).GetProperty("counts").GetProperty("deferred").GetInt64() == 1, "it is a second old");
        Assert.Equal(0, (await GetAsync("/v1/queue?older_than=1d")).GetProperty("counts").GetProperty("deferred").GetInt64());
        Assert.InRange(one.GetProperty("scanned").GetInt64(), 0, 3);
    }

    [Fact]
    public async Task A_listing_pages_through_everything_once()
    {
        var id = await SubmitAsync([.. Enumerable.Range(0, 25).Select(n => $"p{n}@full.example")]);
        await DeferredAsync(id, 25);
        var open = await _mta.SubmitAsync(new { content = new { from = "shop@example.com", subject = "x", text = "x" }, recipients = (object?)null });
        using (var upload = await _mta.Client.PostAsync($"/v1/jobs/{open}/recipients", new StringContent("{\"address\":\"h@fine.example\"}\n", null, "application/x-ndjson")))
            Assert.True(upload.IsSuccessStatusCode);

        var seen = new List<string>();
        string? next = "";
        while (next is not null)
        {
            var page = await GetAsync("/v1/queue/recipients?limit=4" + (next.Length == 0 ? "" : "&after=" + next));
            seen.AddRange(page.GetProperty("recipients").EnumerateArray().Select(one => $"{one.GetProperty("state").GetString()} {one.GetProperty("email").GetString()}"));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(26, seen.Count);
        Assert.Equal(26, seen.Distinct().Count());
        Assert.Equal("held h@fine.example", seen[^1]);
        var jobs = await GetAsync($"/v1/queue/recipients?job={id}&limit=1000");
        var first = jobs.GetProperty("recipients")[0];
        Assert.Equal(25, jobs.GetProperty("recipients").GetArrayLength());
        Assert.Equal(1, first.GetProperty("attempts").GetInt32());
        Assert.True(first.GetProperty("next_attempt").GetDateTimeOffset() > first.GetProperty("since").GetDateTimeOffset().AddMinutes(50));
        Assert.StartsWith("452 4.2.2", first.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await GetAsync("/v1/queue")).GetProperty("counts").GetProperty("held").GetInt64());
    }

    [Fact]
    public async Task What_is_in_flight_is_seen_and_left_alone()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _mta.Peer.AsyncScript = async at =>
        {
            if (at.Step == SmtpStep.Dot)
                await answer.Task;
            return null;
        };
        var id = await SubmitAsync("slow@fine.example");
        await Eventually.HoldsAsync(async () => (await GetAsync("/v1/queue")).GetProperty("counts").GetProperty("in_flight").GetInt64() == 1, "it is in flight");

        var listed = (await GetAsync("/v1/queue/recipients?state=in_flight")).GetProperty("recipients")[0];
        Assert.Equal("slow@fine.example", listed.GetProperty("email").GetString());
        var bounced = await PostAsync("/v1/queue/bounce", new { job = id, text = "test" });
        Assert.Equal(0, bounced.GetProperty("changed").GetInt64());
        Assert.Equal(1, bounced.GetProperty("in_flight").GetInt64());
        answer.SetResult();
        Assert.Equal(1, (await _mta.FinishedAsync(id)).GetProperty("delivered").GetInt64());
        Assert.Equal(0, (await GetAsync("/v1/queue")).GetProperty("counts").GetProperty("in_flight").GetInt64());
    }

    [Fact]
    public async Task Requeued_recipients_are_tried_at_once_and_the_others_are_not()
    {
        var id = await SubmitAsync("a@full.example", "b@full.example", "c@busy.example");
        await DeferredAsync(id, 3);
        _mta.Peer.Script = null;

        var answer = await PostAsync("/v1/queue/requeue", new { domain = "full.example" });

        Assert.Equal(2, answer.GetProperty("changed").GetInt64());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next").ValueKind);
        await Eventually.HoldsAsync(async () => (await _mta.StatusAsync(id)).GetProperty("delivered").GetInt64() == 2, "both are delivered");
        Assert.Equal(1, (await _mta.StatusAsync(id)).GetProperty("deferred").GetInt64());
        Assert.Equal(1, (await PostAsync("/v1/queue/requeue", new { all = true })).GetProperty("changed").GetInt64());
        Assert.Equal(3, (await _mta.FinishedAsync(id)).GetProperty("delivered").GetInt64());
    }

    [Fact]
    public async Task Bounced_recipients_have_one_outcome_and_one_event_each()
    {
        var id = await SubmitAsync([.. Enumerable.Range(0, 30).Select(n => $"p{n}@full.example"), "c@busy.example"]);
        await DeferredAsync(id, 31);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync("/v1/queue/bounce", new { job = id, domain = "full.example", text = "the list was wrong" })));

        Assert.Equal(30, answers.Sum(one => one.GetProperty("changed").GetInt64()));
        var status = await _mta.StatusAsync(id);
        Assert.Equal(30, status.GetProperty("bounced").GetInt64());
        Assert.Equal(1, status.GetProperty("deferred").GetInt64());
        List<(byte Kind, uint Recipient, ulong Number)> events = [];
        await Eventually.HoldsAsync(
            async () => (events = await _mta.RecordsAsync()).Count(one => one.Kind == (byte)EventKind.Bounced) >= 30, "events are published");
        Assert.Equal(Enumerable.Range(0, 30).Select(n => (uint)n), events.Where(one => one.Kind == (byte)EventKind.Bounced).Select(one => one.Recipient).Order());
        var bounced = (await _mta.Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{id}/recipients?state=bounced&limit=1")).GetProperty("recipients")[0];
        Assert.Contains("the list was wrong", bounced.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await PostAsync("/v1/queue/bounce", new { reason = "TRY again", text = "rest" })).GetProperty("changed").GetInt64());
        Assert.Equal("finished", (await _mta.StatusAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Nobody_gets_two_outcomes_while_the_queue_is_changed_under_the_feeder()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__RetryFirst", "00:00:00.100"), ("Mta__RetryMax", "00:00:00.200"), ("Mta__MaxInFlight", "32"));
        mta.Peer.Script = at => at.Step == SmtpStep.Rcpt ? "451 4.7.1 Try again later" : null;
        var id = await mta.SubmitAsync(MtaFixture.Job(200));
        await Eventually.HoldsAsync(async () => (await mta.StatusAsync(id)).GetProperty("deferred").GetInt64() == 200, "all are deferred");

        async Task<int> HammerAsync(string action, object body)
        {
            var changed = 0;
            while ((await mta.StatusAsync(id)).GetProperty("state").GetString() != "finished")
            {
                using var answer = await mta.Client.PostAsJsonAsync($"/v1/queue/{action}", body);
                changed += (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("changed").GetInt32();
            }

            return changed;
        }

        var changed = await Task.WhenAll(
            HammerAsync("requeue", new { job = id }), HammerAsync("bounce", new { job = id, text = "x", limit = 7 }), HammerAsync("bounce", new { all = true, text = "y", limit = 5 }))
            .WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(200, changed[1] + changed[2]);
        List<(byte Kind, uint Recipient, ulong Number)> events = [];
        await Eventually.HoldsAsync(async () => (events = await mta.RecordsAsync()).Count(one => one.Kind == (byte)EventKind.Bounced) >= 200, "events are published");
        Assert.Equal(Enumerable.Range(0, 200).Select(n => (uint)n), events.Where(one => one.Kind == (byte)EventKind.Bounced).Select(one => one.Recipient).Order());
        var last = events.Where(one => one.Kind == (byte)EventKind.Bounced).ToDictionary(one => one.Recipient, one => one.Number);
        Assert.DoesNotContain(events, one => one.Kind == (byte)EventKind.Deferred && one.Number > last[one.Recipient]);
        await Eventually.HoldsAsync(
            async () => (await mta.Client.GetFromJsonAsync<JsonElement>("/v1/queue")).GetProperty("counts").GetProperty("in_flight").GetInt64() == 0, "nothing is in flight");
        Assert.Equal(0L, mta.Spool("SELECT count(*) FROM retry"));
    }

    [Fact]
    public async Task A_change_goes_as_far_as_its_limit_and_says_where_to_go_on()
    {
        var id = await SubmitAsync([.. Enumerable.Range(0, 20).Select(n => $"p{n}@full.example")]);
        await DeferredAsync(id, 20);

        var first = await PostAsync("/v1/queue/bounce", new { job = id, text = "x", limit = 15 });
        var second = await PostAsync("/v1/queue/bounce", new { job = id, text = "x", limit = 15, after = first.GetProperty("next").GetString() });

        Assert.Equal(15, first.GetProperty("changed").GetInt64());
        Assert.Equal(5, second.GetProperty("changed").GetInt64());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Another_account_sees_and_changes_nothing()
    {
        var id = await SubmitAsync("a@full.example", "b@full.example");
        await DeferredAsync(id, 2);
        using var other = new HttpClient { BaseAddress = _mta.Program.Url };
        other.DefaultRequestHeaders.Authorization = new("Bearer", MtaFixture.OtherKey);

        var summary = await other.GetFromJsonAsync<JsonElement>("/v1/queue");
        Assert.Equal(0, summary.GetProperty("counts").GetProperty("deferred").GetInt64());
        Assert.Empty(summary.GetProperty("domains").EnumerateArray());
        Assert.Empty((await other.GetFromJsonAsync<JsonElement>($"/v1/queue/recipients?job={id}")).GetProperty("recipients").EnumerateArray());
        using var answer = await other.PostAsJsonAsync("/v1/queue/bounce", new { all = true, text = "x" });
        Assert.Equal(0, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("changed").GetInt64());
        Assert.Equal(2, (await _mta.StatusAsync(id)).GetProperty("deferred").GetInt64());
    }

    [Theory]
    [InlineData("requeue", "{}", "all")]
    [InlineData("bounce", "{\"text\":\"x\"}", "all")]
    [InlineData("bounce", "{\"all\":true}", "text")]
    [InlineData("bounce", "{\"all\":true,\"domain\":\"a.example\",\"text\":\"x\"}", "all")]
    [InlineData("requeue", "{\"domain\":\"\"}", "domain")]
    [InlineData("requeue", "{\"domain\":[\"a\"]}", "domain")]
    [InlineData("requeue", "{\"dommain\":\"a\",\"all\":true}", "dommain")]
    [InlineData("requeue", "{\"state\":\"waiting\",\"all\":true}", "state")]
    [InlineData("requeue", "{\"job\":\"x\"}", "job")]
    [InlineData("requeue", "{\"older_than\":\"3 weeks\"}", "older_than")]
    [InlineData("requeue", "{\"class\":\"angry\"}", "class")]
    [InlineData("requeue", "[]", "body")]
    [InlineData("requeue", "{\"all\":true,\"after\":\"1.2\"}", "after")]
    public async Task What_is_not_understood_is_refused_by_its_name(string action, string body, string field)
    {
        using var answer = await _mta.Client.PostAsync($"/v1/queue/{action}", new StringContent(body, null, "application/json"));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("field").GetString() == field);
    }

    private Task<string> SubmitAsync(params string[] addresses)
    {
        var job = MtaFixture.Job(0);
        job["recipients"] = addresses.Select(address => new { address }).ToList();
        return _mta.SubmitAsync(job);
    }

    private Task DeferredAsync(string id, int count) =>
        Eventually.HoldsAsync(async () => (await _mta.StatusAsync(id)).GetProperty("deferred").GetInt64() == count, $"{count} are deferred");

    private Task<JsonElement> GetAsync(string path) => _mta.Client.GetFromJsonAsync<JsonElement>(path);

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await _mta.Client.PostAsJsonAsync(path, body);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, json.ToString());
        return json;
    }
}
