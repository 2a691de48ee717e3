using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Mta.Tests.Jobs.Control;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.FollowUps;

/// <summary>A job to an audience of an earlier one goes to exactly those people, with what the earlier job knew of them.</summary>
public sealed class FollowUpTests : IAsyncLifetime
{
    private const string Submitter = "submit-key-0123456789abcdef";
    private ScriptedReports _reports = null!;
    private MtaFixture _mta = null!;

    public async Task InitializeAsync()
    {
        _reports = await ScriptedReports.StartAsync();
        _mta = await MtaFixture.StartAsync(
            ("Mta__ReportsUrl", _reports.Url + "/"), ("Access__ApiKeys__2__Account", "1"), ("Access__ApiKeys__2__Key", Submitter), ("Access__ApiKeys__2__Rights", "submit"));
    }

    public async Task DisposeAsync()
    {
        await _mta.DisposeAsync();
        await _reports.DisposeAsync();
    }

    [Fact]
    public async Task It_goes_to_those_people_with_their_own_data_and_the_new_job_s()
    {
        var source = await _mta.SubmitAsync(MtaFixture.Job(12));
        await _mta.FinishedAsync(source);
        _reports.Script = context => ScriptedReports.WholeAsync(context, [0, 3, 4, 11]);

        var (status, body, answer) = await _mta.FollowUpAsync(FollowingUp.Job(source, null, ("opened", true), ("not_clicked_position", 3)), "again-1");

        Assert.Equal((202, 4), (status, body.GetProperty("accepted").GetInt32()));
        Assert.Equal($$"""{"job":"{{source}}","people":4,"unknown_here":0}""", body.GetProperty("audience").GetRawText());
        Assert.Equal("2026-11-22T10:00:00.25+00:00", body.GetProperty("fresh_as_of").GetString());
        Assert.Equal($"/v1/jobs/{body.GetProperty("id").GetString()}", answer.Headers.Location!.OriginalString);
        Assert.Equal([($"/v1/jobs/{source}/audience?end=true&format=ndjson&opened=true&not_clicked_position=3", $"Bearer {MtaFixture.Key}")], _reports.Asked);
        var id = body.GetProperty("id").GetString()!;
        Assert.Equal(4, (await _mta.FinishedAsync(id)).Count("delivered"));
        Assert.Equal(FollowingUp.Addresses([0, 3, 4, 11]).Order(), _mta.Again().Keys.Order());
        Assert.All(_mta.Again().Values, copies => Assert.Equal(1, copies));
        Assert.Contains("Again P11, number 11, ten off", _mta.Peer.Messages.Single(message => message.Recipient == "person11@example.com" && message.Text.Contains("Again", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Equal("crm-0,crm-3,crm-4,crm-11", _mta.Spool($"SELECT group_concat(upstream_id) FROM (SELECT upstream_id FROM recipient WHERE job = {id} ORDER BY ordinal)"));
        Assert.Equal(0L, _mta.Spool("SELECT count(*) FROM follow_up"));

        using var same = await _mta.PostAsync(FollowingUp.Job(source, null, ("opened", true), ("not_clicked_position", 3)), "again-1");
        Assert.Equal("true", same.Headers.GetValues("X-Idempotent-Replayed").Single());
        Assert.Equal(body.GetRawText(), await same.Content.ReadAsStringAsync());
        using var other = await _mta.PostAsync(FollowingUp.Job(source), "again-1");
        Assert.Equal(409, (int)other.StatusCode);
        Assert.Single(_reports.Asked);
    }

    [Fact]
    public async Task It_waits_for_its_time_and_who_is_suppressed_or_was_erased_gets_none()
    {
        var source = await _mta.OpenSourceAsync(5);
        using (var suppressed = await _mta.Client.PostAsJsonAsync("/v1/suppressions", new { email = "person1@example.com" }))
            suppressed.EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => (await _mta.Client.GetFromJsonAsync<JsonElement>("/v1/suppressions/person1@example.com")).GetProperty("suppressed").GetBoolean(), "it is suppressed");
        _mta.Spool($"UPDATE recipient SET email = 'erased@erased.invalid', key = zeroblob(16), name = NULL, upstream_id = NULL, substitution_data = NULL WHERE job = {source} AND ordinal = 2");
        _reports.Script = context => ScriptedReports.WholeAsync(context, [1, 2, 3, 77]);

        var (status, body, _) = await _mta.FollowUpAsync(FollowingUp.Job(source, new { start_time = DateTimeOffset.UtcNow.AddHours(1).ToString("O") }));

        Assert.Equal((202, 2), (status, body.GetProperty("accepted").GetInt32()));
        Assert.Equal((4, 2), (body.GetProperty("audience").GetProperty("people").GetInt32(), body.GetProperty("audience").GetProperty("unknown_here").GetInt32()));
        Assert.Equal("scheduled", (await _mta.StatusAsync(body.GetProperty("id").GetString()!)).State());
        Assert.Empty(_mta.Peer.Messages);
        var (_, now, _) = await _mta.FollowUpAsync(FollowingUp.Job(source));
        var finished = await _mta.FinishedAsync(now.GetProperty("id").GetString()!);
        Assert.Equal((1L, 1L), (finished.Count("delivered"), finished.Count("dropped")));
        Assert.Equal(["person3@example.com"], _mta.Again().Keys);
    }

    [Fact]
    public async Task An_audience_of_nobody_is_said_so_and_the_same_call_may_find_people_later()
    {
        var source = await _mta.OpenSourceAsync(3);
        var (status, body, _) = await _mta.FollowUpAsync(FollowingUp.Job(source), "nobody");
        Assert.Equal((409, 0, "recipients.audience"), (status, body.GetProperty("people").GetInt32(), body.Field()));
        _reports.Script = context => ScriptedReports.WholeAsync(context, [40, 41]);
        (status, body, _) = await _mta.FollowUpAsync(FollowingUp.Job(source), "nobody");
        Assert.Equal((409, 2), (status, body.GetProperty("people").GetInt32()));
        _reports.Script = context => ScriptedReports.WholeAsync(context, [2]);
        (status, _, _) = await _mta.FollowUpAsync(FollowingUp.Job(source), "nobody");
        Assert.Equal(202, status);
    }

    [Fact]
    public async Task A_job_of_another_account_and_one_that_is_not_here_are_the_same_404()
    {
        var source = await _mta.OpenSourceAsync(3);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent(JsonSerializer.Serialize(FollowingUp.Job(source)), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", MtaFixture.OtherKey);
        using var foreign = await _mta.Client.SendAsync(request);
        var (status, unknown, _) = await _mta.FollowUpAsync(FollowingUp.Job($"{ulong.Parse(source) + 1}"));
        var (_, elsewhere, _) = await _mta.FollowUpAsync(FollowingUp.Job($"{ulong.Parse(source) + (7 << 12)}"));

        Assert.Equal((404, 404), ((int)foreign.StatusCode, status));
        var refused = await foreign.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((unknown.GetProperty("detail").GetString(), unknown.Field()), (refused.GetProperty("detail").GetString(), refused.Field()));
        Assert.Equal("recipients.audience.job", unknown.Field());
        Assert.Contains("7 days (Mta:KeepFinished)", unknown.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("Mta:Node 7", elsewhere.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(_reports.Asked);
    }

    [Fact]
    public async Task A_key_that_may_not_read_is_told_so_and_checks_look_at_the_people()
    {
        var source = await _mta.OpenSourceAsync(3);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent(JsonSerializer.Serialize(FollowingUp.Job(source)), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Submitter);
        using var refused = await _mta.Client.SendAsync(request);
        Assert.Equal((403, "read"), ((int)refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("missing_right").GetString()));

        _reports.Script = context => ScriptedReports.WholeAsync(context, [0, 1]);
        var job = FollowingUp.Job(source, new { check = "strict" });
        ((Dictionary<string, object?>)job["content"]!)["html"] = "<p>{{nickname}}</p>";
        var (status, body, _) = await _mta.FollowUpAsync(job);
        Assert.Equal(400, status);
        Assert.Contains("nickname", body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1L, _mta.Spool("SELECT count(*) FROM job"));
    }

    [Fact]
    public async Task Tens_of_thousands_keep_their_order_and_nobody_is_doubled_or_left_out()
    {
        const int People = 45_000;
        var source = await _mta.OpenSourceAsync(People);
        uint[] wanted = [.. Enumerable.Range(0, People).Where(n => n % 3 != 1 && n is < 5_000 or > 29_000).Select(n => (uint)n)];
        _reports.Script = context => ScriptedReports.WholeAsync(context, wanted);
        var (status, body, _) = await _mta.FollowUpAsync(FollowingUp.Job(source, new { sandbox = true }));
        Assert.Equal((202, wanted.Length), (status, body.GetProperty("accepted").GetInt32()));
        var id = body.GetProperty("id").GetString();
        var condition = "n % 3 <> 1 AND (n < 5000 OR n > 29000)";
        Assert.Equal(
            0L,
            _mta.Spool(
                $"""
                SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY ordinal) - 1 AS place, email, key FROM (SELECT *, ordinal AS n FROM recipient WHERE job = {source}) WHERE {condition}) AS a
                FULL JOIN (SELECT * FROM recipient WHERE job = {id}) AS b ON b.ordinal = a.place WHERE a.email IS NOT b.email OR a.key IS NOT b.key
                """));
    }
}
