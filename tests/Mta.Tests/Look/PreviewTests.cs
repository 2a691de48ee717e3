using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Delivery.Mta.Tests.Look;

/// <summary><c>POST /v1/preview</c> on a real Mta.</summary>
public sealed class PreviewTests(SharedMta shared) : IClassFixture<SharedMta>
{
    private readonly MtaFixture _mta = shared.Mta;

    [Fact]
    public async Task A_job_body_is_rendered_for_its_recipients_and_nothing_is_stored_or_sent()
    {
        var job = MtaFixture.Job(3);

        var answer = await _mta.AnswerAsync("/v1/preview", job);

        var mails = answer.GetProperty("recipients").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2], mails.Select(mail => mail.GetProperty("index").GetInt32()));
        var second = mails[1];
        Assert.Equal("Number 1", second.GetProperty("subject").GetString());
        Assert.Equal("The Shop <news@shop.example>", second.GetProperty("from").GetString());
        Assert.Equal("<p>Hello P1, number 1: <a href=\"https://shop.example/1\">look</a></p>", second.GetProperty("html").GetString());
        Assert.Equal("Hello P1, number 1: look (https://shop.example/1)\n", second.GetProperty("text").GetString());
        Assert.Equal(
            """{"position":1,"part":"html","url":"https://shop.example/1","template_url":"https://shop.example/{{n}}"}""",
            Assert.Single(second.GetProperty("links").EnumerateArray()).GetRawText());
        Assert.Contains(second.GetProperty("headers").EnumerateArray(), header => header.GetProperty("name").GetString() == "To" && header.GetProperty("value").GetString() == "Person 1 <person1@example.com>");
        Assert.Contains("from_domain_without_key", second.GetProperty("warnings").Codes());
        Assert.DoesNotContain("track.example/c/", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0L, _mta.Spool("SELECT count(*) FROM job"));
        Assert.Equal(0L, _mta.Spool("SELECT count(*) FROM outbox"));
        Assert.Empty(_mta.Peer.Messages);

        var id = await _mta.SubmitAsync(job);
        await _mta.FinishedAsync(id);
        var sent = _mta.Peer.Messages.Single(message => message.Recipient == "person1@example.com").Text;
        Assert.InRange(second.GetProperty("size_bytes").GetInt32(), sent.Length - 64, sent.Length + 64);
    }

    [Fact]
    public async Task One_recipient_can_be_had_as_a_message()
    {
        using var answer = await _mta.SendAsync("/v1/preview?format=eml", MtaFixture.Job(1));
        using var several = await _mta.SendAsync("/v1/preview?format=eml", MtaFixture.Job(2));
        using var unknown = await _mta.SendAsync("/v1/preview?format=pdf", MtaFixture.Job(1));
        var message = await answer.Content.ReadAsStringAsync();

        Assert.Equal("message/rfc822", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("From: The Shop <news@shop.example>\r\nTo: Person 0 <person0@example.com>\r\nSubject: Number 0\r\n", message, StringComparison.Ordinal);
        Assert.Contains("href=3D\"https://shop.example/0\"", message, StringComparison.Ordinal);
        Assert.EndsWith("--\r\n", message, StringComparison.Ordinal);
        Assert.Equal(["recipients"], await several.FieldsAsync());
        Assert.Equal(["format"], await unknown.FieldsAsync());
    }

    [Fact]
    public async Task Without_recipients_the_content_is_rendered_with_no_data()
    {
        var job = MtaFixture.Job(0);
        job.Remove("recipients");

        var mail = Assert.Single((await _mta.AnswerAsync("/v1/preview", job)).GetProperty("recipients").EnumerateArray());

        Assert.Equal("Number", mail.GetProperty("subject").GetString());
        Assert.DoesNotContain("field_missing", mail.GetProperty("warnings").Codes());
    }

    [Fact]
    public async Task Each_recipient_fails_alone_and_tells_where()
    {
        var job = MtaFixture.Job(1, "<p>{{name}}\n{{#each list}}{{#each @root.list}}x{{/each}}{{/each}}</p>");
        ((List<object>)job["recipients"]!).AddRange(
        [
            new { address = "a@example.com", substitution_data = new { list = Enumerable.Range(0, 2_000) } },
            new { address = "no address" },
            new { address = "b@example.com", substitution_data = new { name = "B" } },
        ]);

        var mails = (await _mta.AnswerAsync("/v1/preview", job)).GetProperty("recipients");

        Assert.False(mails[0].TryGetProperty("error", out _));
        var steps = mails[1].GetProperty("error");
        Assert.Equal(("content.html", 2, 15), (steps.GetProperty("field").GetString(), steps.GetProperty("line").GetInt32(), steps.GetProperty("column").GetInt32()));
        Assert.Equal("recipients[2]", mails[2].GetProperty("error").GetProperty("field").GetString());
        Assert.StartsWith("<p>B", mails[3].GetProperty("html").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("{}", "content")]
    [InlineData("""{"content":{"from":"a@b.example","subject":"{{#if x}}","text":"t"}}""", "content.subject")]
    [InlineData("""{"content":{"from":"a@b.example","subject":"s","html":"\n {{nonsense 1}}"}}""", "content.html")]
    [InlineData("""{"content":{"from":"a@b.example","subject":"s","text":"t"},"recipients":[]}""", "recipients")]
    [InlineData("""{"content":{"from":"a@b.example","subject":"s","text":"t"},"options":{"check":"loud"}}""", "options.check")]
    [InlineData("""{"content":{"from":"a@b.example","subject":"s","text":"t"},"options":{"sandbox":"yes"}}""", "options.sandbox")]
    [InlineData("""{"content":{"from":"a@b.example","subject":"s","text":"t"},"surprise":1}""", "surprise")]
    public async Task What_no_job_could_be_is_refused_with_its_field(string body, string field)
    {
        using var answer = await _mta.SendTextAsync("/v1/preview", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], await answer.FieldsAsync());
    }

    [Fact]
    public async Task A_call_goes_through_the_same_gate_as_a_job()
    {
        using var client = new HttpClient { BaseAddress = _mta.Client.BaseAddress };
        using var unauthenticated = await client.PostAsync("/v1/preview", new StringContent("{}", Encoding.UTF8, "application/json"));
        using var text = await _mta.Client.PostAsync("/v1/preview", new StringContent("{}"));
        using var large = await _mta.Client.PostAsync("/v1/preview", JsonContent.Create(new { x = new string('x', 65 << 20) }));
        using var many = await _mta.SendAsync("/v1/preview", MtaFixture.Job(101));

        Assert.Equal(HttpStatusCode.Unauthorized, unauthenticated.StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(["recipients"], await many.FieldsAsync());
    }

    [Fact]
    public async Task Json_nested_without_end_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        using var answer = await _mta.SendTextAsync(
            "/v1/preview", $$"""{"content":{"from":"a@b.example","subject":"s","text":"t"},"substitution_data":{{deep}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["body"], await answer.FieldsAsync());
    }

    [Fact]
    public async Task Output_without_end_is_cut_off_and_the_answer_stays_bounded()
    {
        var job = MtaFixture.Job(0, "<p>{{#each list}}{{@root.big}}{{/each}}</p>");
        var big = new string('x', 100_000);
        job["recipients"] = Enumerable.Range(0, 100).Select(n => new
        {
            address = $"p{n}@example.com",
            substitution_data = new { big, list = Enumerable.Range(0, n == 0 ? 50 : 10) },
        }).ToList();

        var answer = await _mta.AnswerAsync("/v1/preview", job);

        var mails = answer.GetProperty("recipients").EnumerateArray().ToList();
        Assert.Equal(100, mails.Count);
        Assert.Contains("more than", mails[0].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(mails[1].TryGetProperty("html", out _));
        Assert.Equal("recipients[99]", mails[99].GetProperty("error").GetProperty("field").GetString());
        Assert.InRange(answer.GetRawText().Length, 1, 32 << 20);
    }

    [Fact]
    public async Task Data_does_not_make_headers()
    {
        var job = MtaFixture.Job(0);
        ((Dictionary<string, object?>)job["content"]!)["subject"] = "For {{n}}";
        job["recipients"] = new[] { new { address = "a@example.com", substitution_data = new { n = "x\r\nBcc: evil@example.com\r\n\r\nbody", name = "N" } } };

        var mail = (await _mta.AnswerAsync("/v1/preview", job)).GetProperty("recipients")[0];
        using var message = await _mta.SendAsync("/v1/preview?format=eml", job);

        Assert.DoesNotContain(mail.GetProperty("headers").EnumerateArray(), header => header.GetProperty("name").GetString() == "Bcc");
        Assert.DoesNotContain('\n', mail.GetProperty("subject").GetString()!);
        var text = await message.Content.ReadAsStringAsync();
        Assert.DoesNotContain("\nBcc:", text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task OpenApi_describes_the_look()
    {
        var description = await _mta.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        foreach (var path in new[] { "/v1/preview", "/v1/jobs/{id}/check", "/v1/jobs/{id}/test" })
            Assert.True(description.GetProperty("paths").GetProperty(path).TryGetProperty("post", out _), path);
        var schemas = description.GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.GetProperty("PreviewedMail").GetProperty("properties").TryGetProperty("size_bytes", out _));
        Assert.True(schemas.GetProperty("Finding").GetProperty("properties").TryGetProperty("severity", out _));
        Assert.True(schemas.GetProperty("TestRequest").GetProperty("properties").TryGetProperty("subject_prefix", out _));
    }
}
