using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Delivery.Mta.Tests.Jobs.Uploads;

/// <summary>A job that is opened, filled and started, on a real Mta.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private MtaFixture _mta = null!;

    public async Task InitializeAsync() => _mta = await MtaFixture.StartAsync();

    public async Task DisposeAsync() => await _mta.DisposeAsync();

    [Fact]
    public async Task An_open_job_takes_recipients_and_sends_nothing_until_it_is_started()
    {
        var id = await _mta.OpenAsync();
        var (status, body) = await _mta.UploadAsync(id, Uploading.Lines(0, 30));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((30, 30, 0), (body.Lines(), body.GetProperty("accepted").GetInt64(), body.GetProperty("rejected").GetInt64()));
        await _mta.UploadAsync(id, Uploading.Lines(30, 50));
        await _mta.FinishedAsync(await _mta.SubmitAsync(MtaFixture.Job(1)));
        var open = await _mta.StatusAsync(id);
        Assert.Equal(("open", 50L, 50L), (open.State(), open.Lines(), open.GetProperty("queued").GetInt64()));
        Assert.Single(_mta.Peer.Messages);

        var (started, answer) = await _mta.StartAsync(id);
        var (again, sameAnswer) = await _mta.StartAsync(id);
        var finished = await _mta.FinishedAsync(id);
        var (afterTheEnd, stillTheSame) = await _mta.StartAsync(id);

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted], [started, again, afterTheEnd]);
        Assert.Equal("sending", answer.State());
        Assert.Equal([answer.ToString(), answer.ToString()], [sameAnswer.ToString(), stillTheSame.ToString()]);
        Assert.Equal(50, finished.GetProperty("delivered").GetInt64());
        Assert.Equal(51, _mta.Peer.Messages.Count);
        Assert.Contains("Hello P42, number 42", _mta.Peer.Messages.Single(message => message.Recipient == "person42@example.com").Text, StringComparison.Ordinal);
        var (late, problem) = await _mta.UploadAsync(id, Uploading.Lines(50, 60));
        Assert.Equal(HttpStatusCode.Conflict, late);
        Assert.Contains("takes no more recipients", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_is_safe_to_repeat_and_missing_recipients_are_told_both_ways_out()
    {
        var job = MtaFixture.Job(0);
        job["recipients"] = null;
        using var first = await _mta.PostAsync(job, "open-1");
        using var second = await _mta.PostAsync(job, "open-1");
        job.Remove("recipients");
        using var missing = await _mta.PostAsync(job);

        var body = await first.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("open", 0), (body.State(), body.GetProperty("accepted").GetInt32()));
        Assert.Equal($"/v1/jobs/{body.GetProperty("id").GetString()}", first.Headers.Location!.ToString());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        var reason = (await missing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("message").GetString();
        Assert.Contains("array", reason, StringComparison.Ordinal);
        Assert.Contains("null", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_without_recipients_and_one_that_came_whole_cannot_be_started()
    {
        var empty = await _mta.OpenAsync();
        var whole = await _mta.SubmitAsync(MtaFixture.Job(1));

        Assert.Equal(HttpStatusCode.Conflict, (await _mta.StartAsync(empty)).Status);
        Assert.Equal("open", (await _mta.StatusAsync(empty)).State());
        Assert.Equal(HttpStatusCode.Conflict, (await _mta.StartAsync(whole)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _mta.StartAsync("17")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _mta.UploadAsync(whole, Uploading.Lines(5, 6))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _mta.UploadAsync("17", Uploading.Lines(5, 6))).Status);
    }

    [Fact]
    public async Task Bad_lines_are_rejected_by_number_and_the_rest_goes_on()
    {
        var id = await _mta.OpenAsync();
        var bytes = new List<byte>();
        bytes.AddRange("\uFEFF"u8);
        bytes.AddRange(Encoding.UTF8.GetBytes(Uploading.Line(0) + "\r\n"));
        bytes.AddRange("not json\n"u8);
        bytes.AddRange("\n  \t\r\n"u8);
        bytes.AddRange([(byte)'"', 0xFF, (byte)'"', (byte)'\n']);
        bytes.AddRange("{\"address\":\"person0@EXAMPLE.com\"}\n"u8);
        bytes.AddRange("{\"address\":\"a\\u0000b@example.com\"}\n"u8);
        bytes.AddRange([0, 0, 0, (byte)'\n']);
        bytes.AddRange("{\"address\":\"x@example.com\",\"id\":1,\"id\":2}\n"u8);
        bytes.AddRange(Encoding.UTF8.GetBytes(new string('[', 10_000) + "\n"));
        bytes.AddRange("{\"address\":{\"email\":\"nobody\"},\"surname\":1}\n"u8);
        bytes.AddRange(Encoding.UTF8.GetBytes($"{{\"address\":\"big@example.com\",\"substitution_data\":{{\"x\":\"{new string('x', 10 << 20)}\"}}}}\n"));
        bytes.AddRange(Encoding.UTF8.GetBytes(Uploading.Line(1)));

        var (status, body) = await _mta.UploadAsync(id, Uploading.Content([.. bytes]));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((13, 2, 9), (body.Lines(), body.GetProperty("accepted").GetInt64(), body.GetProperty("rejected").GetInt64()));
        var reasons = body.GetProperty("rejections").EnumerateArray().ToDictionary(one => one.GetProperty("line").GetInt64(), one => one);
        Assert.Equal([2, 5, 6, 7, 8, 9, 10, 11, 12], reasons.Keys.Order());
        Assert.Contains("not valid JSON", Reason(2), StringComparison.Ordinal);
        Assert.Contains("not UTF-8", Reason(5), StringComparison.Ordinal);
        Assert.Contains("in this job already", Reason(6), StringComparison.Ordinal);
        Assert.Equal("person0@EXAMPLE.com", reasons[6].GetProperty("email").GetString());
        Assert.Contains("control character", Reason(7), StringComparison.Ordinal);
        Assert.Contains("not valid JSON", Reason(8), StringComparison.Ordinal);
        Assert.Contains("id", Reason(9), StringComparison.Ordinal);
        Assert.Contains("not valid JSON", Reason(10), StringComparison.Ordinal);
        Assert.Contains("surname is not a known field", Reason(11), StringComparison.Ordinal);
        Assert.Contains("longer than", Reason(12), StringComparison.Ordinal);

        string Reason(long line) => reasons[line].GetProperty("reason").GetString()!;
    }

    [Fact]
    public async Task Csv_is_taken_with_its_columns_as_data()
    {
        var id = await _mta.OpenAsync();
        const string Csv = "name,Email,id,variant,n,metadata.source,city\r\n"
            + "Noa,noa@example.com,C-1,A,5,fair,\"Tel Aviv, \"\"center\"\"\r\nnorth\"\r\n"
            + "\"Two\r\nlines\",two@example.com,,,6,,x\r\n"
            + "Short,short@example.com\r\n"
            + "\r\n"
            + ",dan@example.com,,,\"7\",,=x\r\n";

        var (status, body) = await _mta.UploadAsync(id, Csv, type: "text/csv; charset=utf-8");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((5, 2), (body.Lines(), body.GetProperty("accepted").GetInt64()));
        Assert.Equal([2, 3], body.GetProperty("rejections").EnumerateArray().Select(one => one.GetProperty("line").GetInt32()));
        Assert.Equal("Noa|C-1|A|{\"n\":\"5\",\"city\":\"Tel Aviv, \\u0022center\\u0022\\r\\nnorth\"}|{\"source\":\"fair\"}", _mta.Spool(
            "SELECT name || '|' || upstream_id || '|' || variant || '|' || CAST(substitution_data AS TEXT) || '|' || CAST(metadata AS TEXT) FROM recipient WHERE ordinal = 0"));
        Assert.Equal("dan@example.com", _mta.Spool("SELECT email FROM recipient WHERE ordinal = 1 AND name IS NULL AND upstream_id IS NULL AND variant IS NULL"));
        await _mta.StartAsync(id);
        await _mta.FinishedAsync(id);
        Assert.Contains("number 5", _mta.Peer.Messages.Single(message => message.Recipient == "noa@example.com").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name,mail\na,b@c.example\n", "no column 'email'")]
    [InlineData("email,x,x\na@b.example,1,2\n", "twice")]
    [InlineData("email,\na@b.example,1\n", "no name for column 2")]
    [InlineData("email,\"x", "never closed")]
    [InlineData("", "missing")]
    public async Task A_csv_whose_header_will_not_do_is_refused_whole(string csv, string reason)
    {
        var id = await _mta.OpenAsync();
        var (status, body) = await _mta.UploadAsync(id, csv, type: "text/csv");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, body.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, body.GetProperty("next_line").GetInt64());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(60_000)]
    public async Task A_csv_quote_that_is_never_closed_swallows_nobody(int behind)
    {
        var id = await _mta.OpenAsync();
        var rest = string.Concat(Enumerable.Range(0, behind).Select(n => $"p{n}@example.org,{n}\n"));

        var (status, body) = await _mta.UploadAsync(id, $"email,a\ngood@example.org,1\nbad@example.org,\"oops\n{rest}", type: "text/csv");
        var mended = await _mta.UploadAsync(id, $"email,a\nbad@example.org,oops\n{rest}", fromLine: 2, type: "text/csv");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("open quote in row 2", body.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((2, 1, 0), (body.GetProperty("next_line").GetInt64(), body.GetProperty("accepted").GetInt64(), body.GetProperty("rejected_lines").GetInt64()));
        Assert.Equal((HttpStatusCode.OK, behind + 2L), (mended.Status, mended.Body.GetProperty("accepted").GetInt64()));
    }

    [Fact]
    public async Task Bytes_behind_a_gzip_are_told_and_further_gzip_is_taken()
    {
        var id = await _mta.OpenAsync();
        var one = Uploading.Gzip(Uploading.Lines(0, 1_000));
        var two = Uploading.Gzip(Uploading.Lines(1_000, 2_000));

        var both = await _mta.UploadAsync(id, Uploading.Content([.. one, .. two], encoding: "gzip"));
        var third = Uploading.Gzip(Uploading.Lines(2_000, 3_000));
        var damaged = await _mta.UploadAsync(id, Uploading.Content([.. third, (byte)'Z', .. two[1..]], encoding: "gzip"));
        var garbage = await _mta.UploadAsync(id, Uploading.Content([.. third, .. new byte[20_000]], encoding: "gzip"), fromLine: 1);

        Assert.Equal((HttpStatusCode.OK, 2_000), (both.Status, both.Body.GetProperty("accepted").GetInt64()));
        Assert.Equal((HttpStatusCode.BadRequest, 3_000), (damaged.Status, damaged.Body.GetProperty("accepted").GetInt64()));
        Assert.Equal(3_001, damaged.Body.GetProperty("next_line").GetInt64());
        Assert.Contains("behind its gzip", damaged.Body.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, garbage.Status);
    }

    [Fact]
    public async Task Gzip_is_taken_and_what_is_no_gzip_is_told()
    {
        var id = await _mta.OpenAsync();
        var gzip = Uploading.Gzip(Uploading.Lines(0, 5_000));
        var (status, body) = await _mta.UploadAsync(id, Uploading.Content(gzip, encoding: "gzip"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(5_000, body.GetProperty("accepted").GetInt64());

        var cut = await _mta.UploadAsync(id, Uploading.Content(Uploading.Gzip(Uploading.Lines(5_000, 10_000))[..^2_000], encoding: "gzip"));
        var none = await _mta.UploadAsync(id, Uploading.Content("no gzip"u8.ToArray(), encoding: "gzip"));
        var brotli = await _mta.UploadAsync(id, Uploading.Content("x"u8.ToArray(), encoding: "br"));

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType], [cut.Status, none.Status, brotli.Status]);
        var taken = (int)(await _mta.StatusAsync(id)).Lines();
        Assert.InRange(taken, 5_000, 9_999);
        var rest = await _mta.UploadAsync(id, Uploading.Lines(taken, 10_000));
        Assert.Equal((10_000, 0), (rest.Body.GetProperty("accepted").GetInt64(), rest.Body.GetProperty("rejected").GetInt64()));
    }

    [Fact]
    public async Task The_same_file_again_from_line_1_adds_nothing_and_a_gap_is_refused()
    {
        var id = await _mta.OpenAsync();
        await _mta.UploadAsync(id, Uploading.Lines(0, 3_000), fromLine: 1);

        var again = await _mta.UploadAsync(id, Uploading.Lines(0, 3_000), fromLine: 1);
        var longer = await _mta.UploadAsync(id, Uploading.Lines(0, 3_500), fromLine: 1);
        var gap = await _mta.UploadAsync(id, Uploading.Lines(0, 1), fromLine: 3_502);
        var wrong = await _mta.UploadAsync(id, Uploading.Lines(0, 1), fromLine: 0);
        var doubled = await _mta.UploadAsync(id, Uploading.Lines(0, 3_500));

        Assert.Equal((3_000, 3_000, 0), (again.Body.Lines(), again.Body.GetProperty("accepted").GetInt64(), again.Body.GetProperty("rejected").GetInt64()));
        Assert.Equal((3_500, 3_500, 0), (longer.Body.Lines(), longer.Body.GetProperty("accepted").GetInt64(), longer.Body.GetProperty("rejected").GetInt64()));
        Assert.Equal((HttpStatusCode.Conflict, 3_501), (gap.Status, gap.Body.GetProperty("next_line").GetInt64()));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal((7_000, 3_500, 3_500), (doubled.Body.Lines(), doubled.Body.GetProperty("accepted").GetInt64(), doubled.Body.GetProperty("rejected").GetInt64()));
        Assert.Equal(100, doubled.Body.GetProperty("rejections").GetArrayLength());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("text/csv; charset=windows-1252")]
    public async Task Another_content_type_is_refused_by_those_that_are_taken(string type)
    {
        var (status, body) = await _mta.UploadAsync(await _mta.OpenAsync(), Uploading.Line(0), type: type);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("application/x-ndjson", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("text/csv", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_accounts_job_takes_nothing()
    {
        var id = await _mta.OpenAsync();
        using var stranger = new HttpClient { BaseAddress = _mta.Program.Url };
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", MtaFixture.OtherKey);

        Assert.Equal(HttpStatusCode.NotFound, (await _mta.UploadAsync(id, Uploading.Content(Encoding.UTF8.GetBytes(Uploading.Line(0))), client: stranger)).Status);
        foreach (var path in new[] { "recipients", "rejections" })
        {
            using var answer = await stranger.GetAsync($"/v1/jobs/{id}/{path}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var start = await stranger.PostAsync($"/v1/jobs/{id}/start", null);
        Assert.Equal(HttpStatusCode.NotFound, start.StatusCode);
    }
}
