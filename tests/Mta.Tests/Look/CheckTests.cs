using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Delivery.Mta.Tests.Look;

/// <summary>Checks of stored jobs and of jobs being submitted, on a real Mta.</summary>
public sealed class CheckTests(SharedMta shared) : IClassFixture<SharedMta>
{
    private readonly MtaFixture _mta = shared.Mta;

    [Fact]
    public async Task A_stored_job_is_looked_at_recipient_by_recipient()
    {
        var job = MtaFixture.Job(10, "<p>Hello {{name}}, {{shoe_size}}: <a href=\"www.shop.example\">look</a></p>");
        ((List<object>)job["recipients"]!).Insert(4, new { address = "nameless@example.com", substitution_data = new { n = 4, shoe_size = 43 } });
        var id = await _mta.SubmitAsync(job);
        await _mta.FinishedAsync(id);

        var result = await _mta.AnswerAsync($"/v1/jobs/{id}/check", null);
        var few = await _mta.AnswerAsync($"/v1/jobs/{id}/check?recipients=3", null);

        Assert.Equal((id, 11, 11), (result.GetProperty("job").GetString(), result.GetProperty("recipients").GetInt32(), result.GetProperty("sampled").GetInt32()));
        var missing = result.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("code").GetString() == "field_missing").ToList();
        Assert.Equal([(10, 0), (1, 4)], missing.Select(finding => (finding.GetProperty("count").GetInt32(), finding.GetProperty("example").GetProperty("ordinal").GetInt32())));
        Assert.Contains("'shoe_size'", missing[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(11, result.GetProperty("findings").Finding("link_without_scheme").GetProperty("count").GetInt32());
        Assert.Equal("info", result.GetProperty("findings").Finding("text_derived").GetProperty("severity").GetString());
        Assert.Equal(3, few.GetProperty("sampled").GetInt32());
        Assert.Single(_mta.Peer.Messages, message => message.Recipient == "nameless@example.com");
    }

    [Fact]
    public async Task A_mail_that_cannot_be_rendered_is_an_error()
    {
        var job = MtaFixture.Job(2, "<p>\n{{#each list}}{{#each @root.list}}x{{/each}}{{/each}}</p>");
        ((List<object>)job["recipients"]!).Add(new { address = "a@example.com", substitution_data = new { n = 1, list = Enumerable.Range(0, 2_000) } });
        var id = await _mta.SubmitAsync(job);

        var result = await _mta.AnswerAsync($"/v1/jobs/{id}/check", null);

        var failed = result.GetProperty("findings").Finding("render_failed");
        Assert.Equal(("error", "content.html", 2, 1), (
            failed.GetProperty("severity").GetString(), failed.GetProperty("field").GetString(), failed.GetProperty("line").GetInt32(), failed.GetProperty("count").GetInt32()));
        Assert.Equal(2, failed.GetProperty("example").GetProperty("ordinal").GetInt32());
        Assert.Equal(1, result.GetProperty("errors").GetInt32());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task A_sample_has_its_bounds(string recipients)
    {
        using var answer = await _mta.SendAsync($"/v1/jobs/1/check?recipients={recipients}", null);

        Assert.Equal(["recipients"], await answer.FieldsAsync());
    }

    [Fact]
    public async Task Jobs_of_others_are_not_looked_at()
    {
        var id = await _mta.SubmitAsync(MtaFixture.Job(1));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{id}/check");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", MtaFixture.OtherKey);
        using var other = await _mta.Client.SendAsync(request);
        using var none = await _mta.SendAsync("/v1/jobs/17/check", null);
        using var no = await _mta.SendAsync("/v1/jobs/x/check", null);

        Assert.All(new[] { other, none, no }, answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
    }

    [Fact]
    public async Task A_submitted_job_gets_its_warnings_and_is_sent()
    {
        var job = MtaFixture.Job(3, "<p>{{name}} {{gone}}</p>");
        job["options"] = new { check = "warn" };
        ((List<object>)job["recipients"]!).Insert(0, new { address = "no address" });

        var answer = await _mta.AnswerAsync("/v1/jobs", job, HttpStatusCode.Accepted);

        var missing = answer.GetProperty("warnings").Finding("field_missing");
        Assert.Equal((3, 1), (missing.GetProperty("count").GetInt32(), missing.GetProperty("example").GetProperty("index").GetInt32()));
        Assert.Equal(3, (await _mta.FinishedAsync(answer.GetProperty("id").GetString()!)).GetProperty("delivered").GetInt32());
    }

    [Fact]
    public async Task A_strict_job_with_warnings_is_refused_and_not_stored()
    {
        var job = MtaFixture.Job(3, "<p>\n{{gone}}</p><a href=\"{{unsubscribe_url}}\">u</a>");
        job["options"] = new { check = "strict" };
        var before = _mta.Spool("SELECT count(*) FROM job");

        using var answer = await _mta.PostAsync(job);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(("content.html", 2), (error.GetProperty("field").GetString(), error.GetProperty("line").GetInt32()));
        Assert.Contains("field_missing", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, _mta.Spool("SELECT count(*) FROM job"));
    }

    [Fact]
    public async Task A_strict_job_as_it_should_be_is_sent()
    {
        var job = MtaFixture.Job(3, "<p>{{name}}</p><a href=\"{{unsubscribe_url}}\">u</a>");
        job["options"] = new { check = "strict" };

        var answer = await _mta.AnswerAsync("/v1/jobs", job, HttpStatusCode.Accepted);

        Assert.Contains("from_domain_without_key", answer.GetProperty("warnings").Codes());
        await _mta.FinishedAsync(answer.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task Without_the_option_nobody_looks()
    {
        var answer = await _mta.AnswerAsync("/v1/jobs", MtaFixture.Job(1, "<p>{{gone}}</p>"), HttpStatusCode.Accepted);

        Assert.False(answer.TryGetProperty("warnings", out _));
    }
}
