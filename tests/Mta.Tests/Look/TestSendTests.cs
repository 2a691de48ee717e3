using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Contracts;
using Delivery.Contracts.Tokens;

namespace Delivery.Mta.Tests.Look;

/// <summary><c>POST /v1/jobs/{id}/test</c> on a real Mta.</summary>
public sealed partial class TestSendTests(SharedMta shared) : IClassFixture<SharedMta>
{
    private readonly MtaFixture _mta = shared.Mta;

    [Fact]
    public async Task Samples_go_to_the_test_addresses_as_a_job_of_their_own()
    {
        var job = MtaFixture.Job(10, "<p>Hello {{name}} of {{metadata.team}}</p><a href=\"{{unsubscribe_url}}\">u</a>");
        job["metadata"] = new { team = "blue" };
        var id = await _mta.SubmitAsync(job);
        var before = await _mta.FinishedAsync(id);

        var answer = await _mta.AnswerAsync(
            $"/v1/jobs/{id}/test", new { to = new object[] { "qa1@example.com", new { email = "boss@example.com", name = "Boss" } }, recipients = new[] { 3, 7 } }, HttpStatusCode.Accepted);
        var test = answer.GetProperty("id").GetString()!;
        var status = await _mta.FinishedAsync(test);

        Assert.NotEqual(id, test);
        Assert.Equal(4, answer.GetProperty("accepted").GetInt32());
        Assert.Equal((4, "spring-test"), (status.GetProperty("delivered").GetInt32(), status.GetProperty("campaign_id").GetString()));
        var qa = _mta.Peer.Messages.Where(message => message.Recipient == "qa1@example.com").Select(message => message.Text).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, qa.Count);
        Assert.Single(qa, text => text.Contains("\r\nSubject: [TEST] Number 3\r\n", StringComparison.Ordinal) && text.Contains("Hello P3 of blue", StringComparison.Ordinal));
        Assert.Single(qa, text => text.Contains("\r\nSubject: [TEST] Number 7\r\n", StringComparison.Ordinal) && text.Contains("To: Person 7 <qa1@example.com>", StringComparison.Ordinal));
        Assert.Equal(2, _mta.Peer.Messages.Count(message => message.Recipient == "boss@example.com" && message.Text.Contains("To: Boss <boss@example.com>", StringComparison.Ordinal)));
        Assert.Equal(before.GetRawText(), (await _mta.StatusAsync(id)).GetRawText());
        Assert.Equal($$"""{"team":"blue","test_of":"{{id}}"}""", Encoding.UTF8.GetString((byte[])_mta.Spool($"SELECT metadata FROM job_content WHERE job = {test}")!));
        Assert.Single(_mta.Peer.Messages, message => message.Recipient == "person3@example.com" && message.Text.Contains("of blue", StringComparison.Ordinal));
    }

    [Fact]
    public async Task To_unsubscribe_from_a_test_unsubscribes_the_test_address()
    {
        var id = await _mta.SubmitAsync(MtaFixture.Job(1));
        await _mta.FinishedAsync(id);
        var test = (await _mta.AnswerAsync($"/v1/jobs/{id}/test", new { to = new[] { "qa2@example.com" } }, HttpStatusCode.Accepted)).GetProperty("id").GetString()!;
        await _mta.FinishedAsync(test);

        var keys = KeyRing.Load(_mta.Folder("keys.json"));
        var text = _mta.Peer.Messages.Single(message => message.Recipient == "qa2@example.com").Text;
        Assert.True(new TrackingTokens(keys).TryReadUnsubscribe(Unsubscribe().Match(text.Replace("\r\n ", "", StringComparison.Ordinal)).Groups[1].Value, out var token));

        Assert.Equal(RecipientKey.Of(keys.RecipientSecret.Span, 1, "qa2@example.com"), token.Key);
        Assert.Equal(test, $"{token.Subject.Job}");
    }

    [Fact]
    public async Task Samples_are_spread_over_the_job_and_the_prefix_is_ones_own()
    {
        var id = await _mta.SubmitAsync(MtaFixture.Job(10));
        await _mta.FinishedAsync(id);

        var test = (await _mta.AnswerAsync(
            $"/v1/jobs/{id}/test", new { to = new[] { "qa3@example.com" }, samples = 5, subject_prefix = "Probe: " }, HttpStatusCode.Accepted)).GetProperty("id").GetString()!;
        await _mta.FinishedAsync(test);

        Assert.Equal(
            ["Probe: Number 0", "Probe: Number 2", "Probe: Number 4", "Probe: Number 6", "Probe: Number 8"],
            _mta.Peer.Messages.Where(message => message.Recipient == "qa3@example.com").Select(message => Subject().Match(message.Text).Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_test_of_a_sandbox_job_is_sent()
    {
        var job = MtaFixture.Job(2);
        job["options"] = new { sandbox = true, check = "warn", click_tracking = false };
        var id = await _mta.SubmitAsync(job);
        await _mta.FinishedAsync(id);

        var test = (await _mta.AnswerAsync($"/v1/jobs/{id}/test", new { to = new[] { "qa4@example.com" } }, HttpStatusCode.Accepted)).GetProperty("id").GetString()!;

        Assert.Equal(1, (await _mta.FinishedAsync(test)).GetProperty("delivered").GetInt32());
        Assert.DoesNotContain("/c/", Assert.Single(_mta.Peer.Messages, message => message.Recipient == "qa4@example.com").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_job_is_looked_at_and_tested_before_anybody_gets_its_mail()
    {
        var job = MtaFixture.Job(0, "<p>{{name}} {{gone}}</p>");
        job["recipients"] = null;
        var id = await _mta.SubmitAsync(job);
        var nobody = await _mta.AnswerAsync($"/v1/jobs/{id}/check", null);
        using var early = await _mta.SendAsync($"/v1/jobs/{id}/test", new { to = new[] { "qa0@example.com" } });
        using var lines = new StringContent(string.Join('\n', Enumerable.Range(500, 4).Select(n => JsonSerializer.Serialize(MtaFixture.Recipient(n)))), Encoding.UTF8, "application/x-ndjson");
        using var uploaded = await _mta.Client.PostAsync($"/v1/jobs/{id}/recipients", lines);

        var check = await _mta.AnswerAsync($"/v1/jobs/{id}/check", null);
        var test = (await _mta.AnswerAsync($"/v1/jobs/{id}/test", new { to = new[] { "qa0@example.com" }, recipients = new[] { 2 } }, HttpStatusCode.Accepted)).GetProperty("id").GetString()!;
        await _mta.FinishedAsync(test);

        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Equal(HttpStatusCode.OK, uploaded.StatusCode);
        Assert.Equal(0, nobody.GetProperty("sampled").GetInt32());
        Assert.DoesNotContain("field_missing", nobody.GetProperty("findings").Codes());
        Assert.Equal(4, check.GetProperty("findings").Finding("field_missing").GetProperty("count").GetInt32());
        Assert.Contains("Subject: [TEST] Number 502", Assert.Single(_mta.Peer.Messages, message => message.Recipient == "qa0@example.com").Text, StringComparison.Ordinal);
        Assert.Equal("open", (await _mta.StatusAsync(id)).GetProperty("state").GetString());
        Assert.DoesNotContain(_mta.Peer.Messages, message => message.Recipient.StartsWith("person50", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_key_tests_once()
    {
        var id = await _mta.SubmitAsync(MtaFixture.Job(2));
        await _mta.FinishedAsync(id);
        using var first = await _mta.SendAsync($"/v1/jobs/{id}/test", new { to = new[] { "qa5@example.com" } }, "look-1");
        using var again = await _mta.SendAsync($"/v1/jobs/{id}/test", new { to = new[] { "qa5@example.com" } }, "look-1");
        using var other = await _mta.SendAsync($"/v1/jobs/{id}/test", new { to = new[] { "qb5@example.com" } }, "look-1");

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("X-Idempotent-Replayed").Single());
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        await _mta.FinishedAsync((await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        Assert.Single(_mta.Peer.Messages, message => message.Recipient == "qa5@example.com");
    }

    [Theory]
    [InlineData("""{}""", "to")]
    [InlineData("""{"to":[]}""", "to")]
    [InlineData("""{"to":["no address"]}""", "to[0]")]
    [InlineData("""{"to":["a\r\nBcc: x@y.example"]}""", "to[0]")]
    [InlineData("""{"to":["qa@example.com"],"recipients":[2]}""", "recipients[0]")]
    [InlineData("""{"to":["qa@example.com"],"recipients":[0,-1]}""", "recipients[1]")]
    [InlineData("""{"to":["qa@example.com"],"recipients":[]}""", "recipients")]
    [InlineData("""{"to":["qa@example.com"],"samples":11}""", "samples")]
    [InlineData("""{"to":["qa@example.com"],"samples":1,"recipients":[0]}""", "samples")]
    [InlineData("""{"to":["qa@example.com"],"subject_prefix":"{{x}}"}""", "subject_prefix")]
    [InlineData("""{"to":["qa@example.com"],"subject_prefix":"a\r\nBcc: x@y.example"}""", "subject_prefix")]
    [InlineData("""{"to":["qa@example.com"],"body":1}""", "body")]
    [InlineData("""[""", "body")]
    public async Task A_test_that_cannot_be_is_refused_with_its_field(string body, string field)
    {
        var id = await _mta.SubmitAsync(MtaFixture.Job(2));
        using var answer = await _mta.SendTextAsync($"/v1/jobs/{id}/test", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], await answer.FieldsAsync());
    }

    [Fact]
    public async Task A_job_that_is_not_there_is_not_tested()
    {
        using var answer = await _mta.SendAsync("/v1/jobs/17/test", new { to = new[] { "qa6@example.com" } });

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [GeneratedRegex(@"List-Unsubscribe: <http://track\.example/u/([A-Za-z0-9_-]+)>")]
    private static partial Regex Unsubscribe();

    [GeneratedRegex(@"\r\nSubject: (.*?)\r\n")]
    private static partial Regex Subject();
}
