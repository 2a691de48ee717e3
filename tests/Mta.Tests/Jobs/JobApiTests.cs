using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs;

/// <summary>The job API on a real Mta: what is taken, what is refused and how it says so.</summary>
public sealed class JobApiTests : IAsyncLifetime
{
    private MtaFixture _mta = null!;

    public async Task InitializeAsync() => _mta = await MtaFixture.StartAsync();

    public async Task DisposeAsync() => await _mta.DisposeAsync();

    [Fact]
    public async Task A_job_is_accepted_delivered_and_accounted_for()
    {
        var id = await _mta.SubmitAsync(MtaFixture.Job(25));

        var status = await _mta.FinishedAsync(id);

        Assert.Equal(25, status.GetProperty("delivered").GetInt64());
        Assert.Equal(25, _mta.Peer.Messages.Count);
        Assert.Equal(25, _mta.Peer.Messages.Select(message => message.Recipient).Distinct().Count());
        var third = _mta.Peer.Messages.Single(message => message.Recipient == "person3@example.com");
        Assert.Contains("Subject: Number 3", third.Text, StringComparison.Ordinal);
        Assert.Contains("Hello P3, number 3", third.Text, StringComparison.Ordinal);
        Assert.Contains("http://track.example/c/", third.Text, StringComparison.Ordinal);
        Assert.Contains($"Message-ID: <{id}.3@shop.example>", third.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_recipients_are_told_and_the_others_get_their_mail()
    {
        var job = MtaFixture.Job(0);
        job["recipients"] = new object?[]
        {
            MtaFixture.Recipient(0),
            new { id = "no address" },
            new { address = new { email = "a\r\nBcc: x@y.example", name = "A" } },
            new { address = new { email = "b@example.com", name = "a\r\nBcc: x@y.example" } },
            new { address = new { email = "c@example.com" }, substitution_data = new { n = "a\r\nBcc: x@y.example", name = "C" } },
            new { address = new { email = "PERSON0@Example.com" } },
            new { address = new { email = "d@example.com" }, surname = "unknown field" },
            new { address = "e@example.com" },
            17,
            new { address = new { email = "f@example.com" }, substitution_data = "no object" },
        };

        using var answer = await _mta.PostAsync(job);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(3, body.GetProperty("accepted").GetInt32());
        var rejected = body.GetProperty("rejected").EnumerateArray().ToDictionary(one => one.GetProperty("index").GetInt32(), one => one.GetProperty("reason").GetString()!);
        Assert.Equal([1, 2, 3, 5, 6, 8, 9], rejected.Keys.Order());
        Assert.Contains("address is missing", rejected[1], StringComparison.Ordinal);
        Assert.Contains("address.email has a line break", rejected[2], StringComparison.Ordinal);
        Assert.Contains("address.name has a line break", rejected[3], StringComparison.Ordinal);
        Assert.Contains("recipients[0]", rejected[5], StringComparison.Ordinal);
        Assert.Contains("surname is not a known field", rejected[6], StringComparison.Ordinal);
        Assert.Contains("substitution_data must be a JSON object", rejected[9], StringComparison.Ordinal);
        await _mta.FinishedAsync(body.GetProperty("id").GetString()!);
        Assert.Equal(["c@example.com", "e@example.com", "person0@example.com"], _mta.Peer.Messages.Select(message => message.Recipient).Order());
        Assert.DoesNotContain(_mta.Peer.Messages, message => Headers(message).Contains("\nBcc:", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(_mta.Peer.Commands, command => command.Contains("x@y.example", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"content": """, "body")]
    [InlineData("""{"campaign_id":"a","campaign_id":"b"}""", "body")]
    [InlineData("""[]""", "body")]
    [InlineData("""{}""", "content")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t"},"recipients":[{"address":{"email":"x@y.example"}}],"colour":1}""", "colour")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t","colour":1},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.colour")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"text":"t"},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.subject")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s"},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.html")]
    [InlineData("""{"content":{"from":{"email":"a\r\nb@b.example"},"subject":"s","text":"t"},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.from.email")]
    [InlineData("""{"content":{"from":{"email":"a@b.example","name":"x\r\nBcc: y"},"subject":"s","text":"t"},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.from.name")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t"},"recipients":[]}""", "recipients")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t"},"recipients":[{"id":"nobody"}]}""", "recipients")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t"},"options":{"scanner_link":true,"click_tracking":false},"recipients":[{"address":{"email":"x@y.example"}}]}""", "options.scanner_link")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t"},"options":{"open_tracking":"yes"},"recipients":[{"address":{"email":"x@y.example"}}]}""", "options.open_tracking")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t","headers":{"X-A":"\ud800"}},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.headers.X-A")]
    [InlineData("""{"content":{"from":"\ud800@b.example","subject":"s","text":"t"},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.from")]
    [InlineData("""{"\ud800":1}""", "body")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t","reply_to":"no address"},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.reply_to")]
    [InlineData("""{"content":{"from":{"email":"a@b.example"},"subject":"s","text":"t","headers":{"Bcc":"x@y.example"}},"recipients":[{"address":{"email":"x@y.example"}}]}""", "content.headers.Bcc")]
    public async Task A_faulty_job_is_refused_by_the_name_of_the_field(string json, string field)
    {
        using var answer = await _mta.PostTextAsync(json);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(field, problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
        Assert.Empty(_mta.Peer.Messages);
        Assert.Empty(await _mta.RecordsAsync());
    }

    [Fact]
    public async Task A_template_that_does_not_compile_is_refused_by_line_and_column()
    {
        using var answer = await _mta.PostAsync(MtaFixture.Job(1, "<p>\n  Hello\n  {{#if name}}never closed</p>"));
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("content.html", error.GetProperty("field").GetString());
        Assert.Equal(3, error.GetProperty("line").GetInt32());
        Assert.Equal(3, error.GetProperty("column").GetInt32());
        Assert.Contains("#if", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_key_and_another_accounts_key_reach_nothing()
    {
        var id = await _mta.SubmitAsync(MtaFixture.Job(1));
        using var stranger = new HttpClient { BaseAddress = _mta.Program.Url };
        using var unauthenticated = await stranger.GetAsync($"/v1/jobs/{id}");
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong-key-0123456789abcdef");
        using var wrong = await stranger.PostAsJsonAsync("/v1/jobs", MtaFixture.Job(1));
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", MtaFixture.OtherKey);
        using var other = await stranger.GetAsync($"/v1/jobs/{id}");

        Assert.Equal(HttpStatusCode.Unauthorized, unauthenticated.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("Bearer", wrong.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.All(new[] { unauthenticated, wrong, other }, answer => Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_hundred_megabytes_are_refused_and_the_program_goes_on()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new ByteArrayContent(new byte[100 << 20]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ExpectContinue = true;

        using var answer = await _mta.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        await _mta.FinishedAsync(await _mta.SubmitAsync(MtaFixture.Job(1)));
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        using var answer = await _mta.Client.PostAsync("/v1/jobs", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("application/json", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_idempotency_key_sends_once_however_often_and_at_once_it_comes()
    {
        var job = MtaFixture.Job(5);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _mta.PostAsync(job, "spring-2026.1")));
        var bodies = await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()));
        using var later = await _mta.PostAsync(job, "spring-2026.1");
        using var changed = await _mta.PostAsync(MtaFixture.Job(6), "spring-2026.1");
        using var malformed = await _mta.PostAsync(job, "no spaces");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        Assert.Single(bodies.Distinct());
        Assert.Single(answers, answer => !answer.Headers.Contains("X-Idempotent-Replayed"));
        Assert.Equal("true", later.Headers.GetValues("X-Idempotent-Replayed").Single());
        Assert.Equal(HttpStatusCode.Conflict, changed.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        await _mta.FinishedAsync(JsonDocument.Parse(bodies[0]).RootElement.GetProperty("id").GetString()!);
        Assert.Equal(5, _mta.Peer.Messages.Count);
    }

    [Fact]
    public async Task Half_a_character_in_one_address_rejects_that_recipient_only()
    {
        using var answer = await _mta.PostTextAsync(
            """{"content":{"from":"a@b.example","subject":"s","text":"t"},"recipients":[{"address":"\ud800@x.example"},{"address":"x@y.example"}]}""");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(1, body.GetProperty("accepted").GetInt32());
        Assert.Equal(0, body.GetProperty("rejected")[0].GetProperty("index").GetInt32());
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused_before_anything_is_stored()
    {
        var json = """{"content":{"from":"a@b.example","subject":"s","text":"t"},"metadata":{"k":"?"},"recipients":[{"address":"x@y.example"}]}"""u8.ToArray();
        json[Array.IndexOf(json, (byte)'?')] = 0xFF;
        using var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await _mta.Client.PostAsync("/v1/jobs", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await _mta.RecordsAsync());
    }

    [Fact]
    public async Task Much_metadata_is_told_whole()
    {
        var job = MtaFixture.Job(0);
        job["recipients"] = Enumerable.Range(0, 600).Select(n => new { address = $"p{n}@example.com", metadata = new { k = new string('x', 16_000) } }).ToList();

        await _mta.FinishedAsync(await _mta.SubmitAsync(job));

        await Eventually.HoldsAsync(async () => (await _mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Delivered) == 600, "all outcomes are in the stream");
        var records = await _mta.RecordsAsync();
        Assert.Equal(600, records.Count(record => record.Kind == (byte)EventKind.Accepted));
        Assert.Single(records, record => record.Kind == DimensionKind.Job);
    }

    [Fact]
    public async Task A_mail_to_many_is_told_once_and_one_to_one_person_or_to_who_waits_is_not()
    {
        foreach (var (recipients, transactional, mails) in new[] { (3, false, 2), (1, false, 0), (3, true, 0) })
        {
            var job = MtaFixture.Job(0);
            job["content"] = new { from = "a@b.example", subject = "s", html = $"<p>{new string('x', 40_000)}</p><a href=\"https://a.example\">x</a>" };
            job["options"] = new { transactional };
            job["recipients"] = Enumerable.Range(0, recipients).Select(n => new { address = $"p{n}@example.com" }).ToList();
            var before = await _mta.RecordsAsync();

            await _mta.FinishedAsync(await _mta.SubmitAsync(job));

            await Eventually.HoldsAsync(
                async () => (await _mta.RecordsAsync()).Skip(before.Count).Count(record => record.Kind == (byte)EventKind.Delivered) == recipients, "all outcomes are in the stream");
            Assert.Equal(mails, (await _mta.RecordsAsync()).Skip(before.Count).Count(record => record.Kind == DimensionKind.Mail));
        }
    }

    [Fact]
    public async Task An_answer_does_not_outgrow_its_request()
    {
        var json = $$"""{"content":{"from":"a@b.example","subject":"s","text":"t"},{{string.Join(',', Enumerable.Range(0, 20_000).Select(n => $"\"u{n}\":1"))}},"recipients":[{"address":"x@y.example",{{string.Join(',', Enumerable.Range(0, 20_000).Select(n => $"\"u{n}\":1"))}}}]}""";
        using var answer = await _mta.PostTextAsync(json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.InRange((await answer.Content.ReadAsStringAsync()).Length, 1, 10_000);
    }

    [Theory]
    [InlineData("GET", "/v1/jobs", 405)]
    [InlineData("DELETE", "/v1/jobs/1", 405)]
    [InlineData("GET", "/v2/nothing", 404)]
    public async Task What_no_endpoint_takes_is_answered_as_a_problem(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _mta.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task OpenApi_describes_the_job_api()
    {
        var description = await _mta.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.True(description.GetProperty("paths").GetProperty("/v1/jobs").TryGetProperty("post", out _));
        var job = description.GetProperty("components").GetProperty("schemas").GetProperty("SendJob").GetProperty("properties");
        Assert.True(job.TryGetProperty("campaign_id", out _));
        Assert.True(job.TryGetProperty("recipients", out _));
    }

    private static string Headers(ReceivedMessage message) => message.Text[..message.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
}
