using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs;

/// <summary>What the accounts file says holds in a running Mta.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private const string Secret = "dlv_0a1b2c3d_0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Second = "dlv_0a1b2c3e_fedcba9876543210fedcba9876543210fedcba9876543210";
    private readonly AccountsOnDisk _accounts = new();
    private MtaFixture _mta = null!;

    public async Task InitializeAsync()
    {
        _mta = await MtaFixture.StartAsync(("Access__File", _accounts.Path));
    }

    public async Task DisposeAsync()
    {
        await _mta.DisposeAsync();
        _accounts.Dispose();
    }

    [Fact]
    public async Task A_key_is_known_once_it_is_in_the_file_and_nobody_s_once_it_is_revoked()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(Secret));
        _accounts.Write(Account(AccountsOnDisk.Key("a", Secret), AccountsOnDisk.Key("b", Second)));
        await AnswersAsync(Secret, HttpStatusCode.NotFound);

        _accounts.Write(Account(new AccountKey { Id = "a", Rights = "all", Revoked = DateTimeOffset.UnixEpoch }, AccountsOnDisk.Key("b", Second)));
        await AnswersAsync(Secret, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(Second));

        _accounts.Write(Account(AccountsOnDisk.Key("b", Second)) with { Disabled = true });
        await AnswersAsync(Second, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(MtaFixture.OtherKey));
    }

    [Fact]
    public async Task An_account_s_mail_leads_to_its_own_domain_and_others_to_that_of_all()
    {
        _accounts.Write(Account() with { TrackingUrl = "https://links.shop.example" });
        var body = new
        {
            content = new { from = "a@shop.example", subject = "s", html = "<a href=\"https://x.example/\">x</a> {{unsubscribe_url}}", language = "he" },
            recipients = new[] { new { address = new { email = "reader@example.com" } } },
        };
        await Eventually.HoldsAsync(async () => (await PreviewAsync(MtaFixture.Key)).Contains("https://links.shop.example/u/", StringComparison.Ordinal), "the account has its domain");
        Assert.Contains("http://track.example/u/", await PreviewAsync(MtaFixture.OtherKey), StringComparison.Ordinal);
        var came = 0;
        foreach (var (key, own, other) in new[] { (MtaFixture.Key, "https://links.shop.example/", "http://track.example/"), (MtaFixture.OtherKey, "http://track.example/", "https://links.shop.example/") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var taken = await _mta.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
            await Eventually.HoldsAsync(() => _mta.Peer.Messages.Count > came, "the mail came");
            came++;
            var mail = _mta.Peer.Messages.Last().Text.Replace("=\r\n", "", StringComparison.Ordinal);
            Assert.Contains($"List-Unsubscribe: <{own}u/", mail, StringComparison.Ordinal);
            Assert.Equal(3, new[] { "u/", "c/", "o/" }.Count(place => mail.Contains(own + place, StringComparison.Ordinal)));
            Assert.DoesNotContain(other, mail, StringComparison.Ordinal);
        }

        async Task<string> PreviewAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/preview") { Content = JsonContent.Create(new { body.content }) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await _mta.Client.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_disabled_account_s_keys_of_the_settings_are_nobody_s_too()
    {
        _accounts.Write(Account() with { Id = 2, Disabled = true });

        await AnswersAsync(MtaFixture.OtherKey, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(MtaFixture.Key));
    }

    [Fact]
    public async Task A_broken_file_leaves_what_was_known_and_is_told_once_and_no_secret_is_ever_told()
    {
        _accounts.Write(Account(AccountsOnDisk.Key("a", Secret)));
        await AnswersAsync(Secret, HttpStatusCode.NotFound);

        _accounts.Write("{\"accounts\": [{\"secret\": \"not-for-a-log\""u8.ToArray());
        await Eventually.HoldsAsync(() => Errors("is not an accounts file") == 1, "the broken file is told");
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(Secret));
        _accounts.Write(new AccountsFile().ToJson(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await Eventually.HoldsAsync(() => Errors("can be read by others") == 1, "the open file is told");
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(Secret));
        _accounts.Write(Account(AccountsOnDisk.Key("b", Second)));
        await AnswersAsync(Secret, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(Second));
        using var refused = await PostAsync(Second + "x", MtaFixture.Job(1));

        Assert.Equal(1, Errors("is not an accounts file"));
        Assert.Equal(1, Errors("can be read by others"));
        foreach (var secret in new[] { Secret, Second, MtaFixture.Key, MtaFixture.OtherKey, "not-for-a-log", Secret[13..], AccountsOnDisk.Key("a", Secret).Sha256! })
            Assert.DoesNotContain(_mta.Program.Output, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("open", "can be read by others")]
    [InlineData("broken", "is not an accounts file")]
    public async Task A_file_that_cannot_be_used_stops_the_start_with_one_line_without_a_secret(string kind, string reason)
    {
        if (kind == "open")
            _accounts.Write(new AccountsFile().ToJson(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        else
            _accounts.Write("{\"accounts\": \"not-for-a-log\"}"u8.ToArray());
        using var folder = new TemporaryFolder();

        var (code, output) = await ProgramProcess.RunAsync("Mta", new Dictionary<string, string>
        {
            ["Mta__Url"] = "http://127.0.0.1:0",
            ["Mta__Spool"] = folder.File("spool"),
            ["Mta__KeysFile"] = folder.File("keys.json"),
            ["Redis__Address"] = _mta.Redis.Address,
            ["Access__File"] = _accounts.Path,
            ["Access__ApiKeys__0__Key"] = Second,
        });

        Assert.Equal(2, code);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.DoesNotContain("not-for-a-log", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Second, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_is_from_the_account_s_own_domains_only()
    {
        await GivenAsync(Account() with { FromDomains = ["shop.example", "*.brand.example"] });
        await _mta.SubmitAsync(MtaFixture.Job(1));
        await _mta.SubmitAsync(JobFrom("news@mail.brand.example"));
        await _mta.SubmitAsync(JobFrom("news@SHOP.example", returnPath: "b@x.y.brand.example"));

        await RefusedAsync(JobFrom("news@brand.example"), "content.from.email");
        await RefusedAsync(JobFrom("news@evilbrand.example"), "content.from.email");
        await RefusedAsync(JobFrom("news@sub.shop.example"), "content.from.email");
        await RefusedAsync(JobFrom("news@shop.example", returnPath: "b@elsewhere.example"), "return_path");
        var open = JobFrom("news@elsewhere.example");
        open["recipients"] = null;
        await RefusedAsync(open, "content.from.email");
        using var preview = await _mta.Client.PostAsJsonAsync("/v1/preview", JobFrom("news@elsewhere.example"));
        Assert.Equal(HttpStatusCode.BadRequest, preview.StatusCode);
        Assert.Contains("shop.example", await preview.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_of_a_job_is_held_to_the_domains_too()
    {
        var job = await _mta.SubmitAsync(MtaFixture.Job(1));
        await GivenAsync(Account() with { FromDomains = ["other.example"] });

        using var answer = await _mta.Client.PostAsJsonAsync($"/v1/jobs/{job}/test", new { to = new[] { "qa@example.com" } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("content.from.email", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_s_recipients_are_capped_and_the_count_outlives_a_kill()
    {
        await GivenAsync(Account() with { MaxRecipientsPerDay = 5 });
        using var first = await _mta.PostAsync(MtaFixture.Job(3), "once");
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        await _mta.Program.KillAsync();
        await _mta.Program.LaunchAsync();

        using var over = await _mta.PostAsync(MtaFixture.Job(3), "twice");
        var problem = await over.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.TooManyRequests, over.StatusCode);
        Assert.InRange(over.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Assert.Equal("has 3, and 2 more are allowed today", problem.GetProperty("errors")[0].GetProperty("message").GetString());
        Assert.Equal(("max_recipients_per_day", 5, 3), (problem.GetProperty("cap").GetString(), problem.GetProperty("limit").GetInt32(), problem.GetProperty("used").GetInt32()));

        using var never = await _mta.PostAsync(MtaFixture.Job(6));
        Assert.Equal(HttpStatusCode.TooManyRequests, never.StatusCode);
        Assert.Null(never.Headers.RetryAfter);
        Assert.Contains("these are 6: send them in parts", await never.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var replay = await _mta.PostAsync(MtaFixture.Job(3), "once");
        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);
        using var same = await _mta.PostAsync(MtaFixture.Job(2), "twice");
        Assert.Equal(HttpStatusCode.Accepted, same.StatusCode);
        using var none = await _mta.PostAsync(MtaFixture.Job(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, none.StatusCode);
        Assert.Equal(5L, _mta.Spool("SELECT sum(recipients) FROM account_day WHERE account = 1"));
        Assert.Equal(5L, _mta.Spool("SELECT count(*) FROM recipient"));
    }

    [Fact]
    public async Task An_upload_stops_at_the_cap_and_goes_on_behind_it()
    {
        await GivenAsync(Account() with { MaxRecipientsPerDay = 5 });
        var job = await _mta.OpenAsync();

        var (status, body) = await _mta.UploadAsync(job, Uploading.Lines(0, 8));
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal((6, 5, "max_recipients_per_day"), (body.GetProperty("next_line").GetInt32(), body.GetProperty("accepted").GetInt32(), body.GetProperty("cap").GetString()));

        var (again, _) = await _mta.UploadAsync(job, Uploading.Lines(0, 5), fromLine: 1);
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal(5L, _mta.Spool("SELECT sum(recipients) FROM account_day WHERE account = 1"));
        await GivenAsync(Account() with { MaxRecipientsPerDay = 8 });
        var (rest, whole) = await _mta.UploadAsync(job, Uploading.Lines(0, 8), fromLine: 1);
        Assert.Equal((HttpStatusCode.OK, 8), (rest, whole.GetProperty("accepted").GetInt32()));
        await _mta.StartAsync(job);
        Assert.Equal(8, (await _mta.FinishedAsync(job)).GetProperty("delivered").GetInt32());
    }

    [Fact]
    public async Task Jobs_at_one_time_are_capped()
    {
        await GivenAsync(Account() with { MaxJobs = 2 });
        var open = await _mta.OpenAsync();
        await _mta.UploadAsync(open, Uploading.Lines(0, 1));
        await _mta.OpenAsync();

        using var over = await _mta.PostAsync(MtaFixture.Job(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, over.StatusCode);
        Assert.Equal("max_jobs", (await over.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cap").GetString());
        Assert.NotNull(over.Headers.RetryAfter);
        await _mta.StartAsync(open);
        await _mta.FinishedAsync(open);
        await _mta.FinishedAsync(await _mta.SubmitAsync(MtaFixture.Job(1)));
    }

    /// <summary>Account 1 as in the file, with the key of the fixture beside.</summary>
    private static Account Account(params AccountKey[] keys) => new() { Id = 1, Name = "shop", Keys = keys };

    private static Dictionary<string, object?> JobFrom(string email, string? returnPath = null)
    {
        var job = MtaFixture.Job(1);
        ((Dictionary<string, object?>)job["content"]!)["from"] = email;
        if (returnPath is not null)
            job["return_path"] = returnPath;
        return job;
    }

    /// <summary>Returns when the Mta has read the file.</summary>
    private async Task GivenAsync(Account account)
    {
        var marker = "marker-key-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        _accounts.Write(account with { Keys = [AccountsOnDisk.Key("marker", marker)] });
        await AnswersAsync(marker, HttpStatusCode.NotFound);
    }

    private async Task RefusedAsync(object job, string field)
    {
        using var answer = await _mta.PostAsync(job);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(field, error.GetProperty("field").GetString());
        Assert.Contains("*.brand.example", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private int Errors(string words) => _mta.Program.Output.Count(line => line.Contains(words, StringComparison.Ordinal));

    private Task AnswersAsync(string key, HttpStatusCode status) => Eventually.HoldsAsync(async () => await AskAsync(key) == status, $"the key is answered {status}");

    private async Task<HttpStatusCode> AskAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_mta.Program.Url, "/v1/jobs/1"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await _mta.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(string key, object job)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_mta.Program.Url, "/v1/jobs")) { Content = JsonContent.Create(job) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await _mta.Client.SendAsync(request);
    }
}
