using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Delivery.Mta.Tests.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Telemetry;

/// <summary>What a running Mta tells of itself.</summary>
public sealed class InsightTests
{
    private static readonly (string, string) AllAttempts = ("Logging__LogLevel__Delivery.Mta.Attempts", "Debug");

    [Fact]
    public async Task The_metrics_are_what_happened()
    {
        await using var mta = await MtaFixture.StartAsync();
        mta.Peer.Script = at => at.Step == SmtpStep.Rcpt && at.Line.Contains("person3@", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null;
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(10)));
        var sandbox = MtaFixture.Job(2);
        sandbox["options"] = new { sandbox = true };
        await mta.FinishedAsync(await mta.SubmitAsync(sandbox));

        OpenMetricsText page = null!;
        await Eventually.HoldsAsync(async () => (page = await PageAsync(mta))["delivery_mta_outcomes_total{outcome=\"delivered\"}"] == 9, "nine are counted");
        Assert.Equal(12, page["delivery_mta_recipients_accepted_total"]);
        Assert.Equal(0, page["delivery_mta_recipients_rejected_total"]);
        Assert.Equal(1, page["delivery_mta_outcomes_total{outcome=\"bounced\"}"]);
        Assert.Equal(1, page["delivery_mta_bounces_total{class=\"invalid_recipient\"}"]);
        Assert.Equal(2, page["delivery_mta_drops_total{reason=\"sandbox\"}"]);
        Assert.Equal(10, page["delivery_mta_attempts_total"]);
        Assert.Equal(9, page["delivery_mta_smtp_final_reply_seconds_count"]);
        Assert.Equal(page["delivery_mta_smtp_connections_opened_total"], page["delivery_mta_smtp_connect_seconds_count"]);
        Assert.All(["waiting", "held", "in_flight", "deferred"], state => Assert.Equal(0, page[$"delivery_mta_queue{{state=\"{state}\"}}"]));
        Assert.True(page["delivery_mta_spool_commit_seconds_count"] > 0);
        Assert.True(page["process_resident_memory_bytes"] > 1e6);
        Assert.InRange(page["delivery_mta_suppressions_age_seconds"], 0, 60);
        Assert.DoesNotContain(page.Samples.Keys, name => name.Contains("example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_queue_and_the_relay_show_in_the_metrics_while_mail_waits()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__Smtp__RelayPort", $"{FreePort.Next()}"), ("Mta__MaxInFlight", "16"));
        await mta.SubmitAsync(MtaFixture.Job(40));

        await Eventually.HoldsAsync(
            async () => await PageAsync(mta) is var page && page["delivery_mta_smtp_relay_away"] == 1 && page["delivery_mta_queue{state=\"in_flight\"}"] == 16
                && page["delivery_mta_queue{state=\"waiting\"}"] == 24 && page["delivery_mta_smtp_connect_failures_total"] > 0 && page["delivery_mta_queue_oldest_waiting_seconds"] > 0,
            "mail waits for the relay");
        using var ready = await mta.Client.GetAsync("/readyz");
        var answer = JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("relay is away", answer.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Mta_without_suppressions_says_why_it_is_not_ready_to_operators_alone()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__SuppressionMaxAge", "00:00:01"));
        await mta.Redis.KillAsync();
        await Eventually.HoldsAsync(async () => (int)(await mta.Client.GetAsync("/readyz")).StatusCode == 503, "it is not ready");

        using var told = await mta.Client.GetAsync("/readyz");
        Assert.Contains("suppressions", JsonDocument.Parse(await told.Content.ReadAsStringAsync()).RootElement.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        using var outside = new HttpClient { BaseAddress = mta.Program.Url };
        outside.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        using var bare = await outside.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, bare.StatusCode);
        Assert.Equal("not ready\n", await bare.Content.ReadAsStringAsync());
        Assert.Equal("ok\n", await outside.GetStringAsync("/healthz"));
        foreach (var path in (string[])["/metrics", "/status"])
        {
            using var hidden = await outside.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }
    }

    [ToolFact("prometheus/.done")]
    public async Task Prometheus_own_parsers_read_the_page()
    {
        await using var mta = await MtaFixture.StartAsync();
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));

        Assert.True(await PythonAsync("prometheus_client.openmetrics.parser", await TextAsync(mta, "application/openmetrics-text; version=1.0.0")) > 30);
        Assert.True(await PythonAsync("prometheus_client.parser", await TextAsync(mta, "text/plain")) > 30);
    }

    [Fact]
    public async Task An_attempt_is_a_line_of_JSON_where_that_is_asked_for()
    {
        await using var mta = await MtaFixture.StartAsync(AllAttempts, ("Logging__Console__FormatterName", "json"));
        mta.Peer.Script = at => at.Step == SmtpStep.Rcpt && at.Line.Contains("person1@", StringComparison.Ordinal) ? "550 5.1.1 <person1@example.com> is unknown" : null;
        var id = await mta.SubmitAsync(MtaFixture.Job(2));
        await mta.FinishedAsync(id);

        List<JsonElement> lines = [];
        await Eventually.HoldsAsync(
            () => (lines = mta.Program.Output.Where(line => line.StartsWith('{') && line.Contains("Delivery.Mta.Attempts", StringComparison.Ordinal))
                .Select(line => JsonDocument.Parse(line).RootElement).ToList()).Count == 2, "two attempts are logged");
        var bounced = lines.Single(line => line.GetProperty("EventId").GetInt32() == 41).GetProperty("State");
        Assert.Equal(id, bounced.GetProperty("Job").ToString());
        Assert.Equal("550", bounced.GetProperty("Code").ToString());
        Assert.Equal("5.1.1", bounced.GetProperty("Status").GetString());
        Assert.Equal("InvalidRecipient", bounced.GetProperty("BounceClass").ToString());
        Assert.Equal("example.com", bounced.GetProperty("Domain").GetString());
        Assert.All(lines, line => Assert.DoesNotContain("person", line.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_attempt_is_logged_unless_it_is_asked_for()
    {
        await using var mta = await MtaFixture.StartAsync();
        mta.Peer.Script = at => at.Step == SmtpStep.Rcpt ? "550 5.1.1 no" : null;
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));
        await mta.Program.StopAsync();

        Assert.DoesNotContain(mta.Program.Output, line => line.Contains("Delivery.Mta.Attempts", StringComparison.Ordinal));
        Assert.Contains(mta.Program.Output, line => line.Contains("Delivery.Mta", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PIPELINING")]
    [InlineData("8BITMIME")]
    [InlineData("PIPELINING", "CHUNKING")]
    public async Task A_trace_shows_the_attempts_that_it_was_asked_for_and_nothing_of_the_mail(params string[] extensions)
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__Smtp__Connections", "1"), ("Mta__Smtp__ChunkingMinRoundTrip", "00:00:00"));
        mta.Peer.Extensions = ["SIZE 52428800", .. extensions];
        mta.Peer.Script = at => at.Step == SmtpStep.Rcpt && at.Line.Contains("person4@", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null;
        using var trace = await mta.Client.GetAsync("/v1/trace?recipient=PERSON4@example.com&limit=1", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await trace.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        var id = await mta.SubmitAsync(MtaFixture.Job(10));
        await mta.FinishedAsync(id);

        var rest = (await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30))).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("job", out _)).ToList();
        Assert.All(rest, line => Assert.Equal((id, 4), (line.GetProperty("job").GetString(), line.GetProperty("recipient").GetInt32())));
        var said = rest.Select(line => $"{line.GetProperty("kind").GetString()} {line.GetProperty("text").GetString()}").ToList();
        Assert.Contains(said, line => line.StartsWith("sent MAIL FROM:<news@shop.example>", StringComparison.Ordinal));
        Assert.Equal(extensions.Contains("CHUNKING"), said.Any(line => line.StartsWith("sent BDAT", StringComparison.Ordinal)));
        Assert.Contains("sent RCPT TO:<person4@example.com>", said);
        Assert.Contains("received 550 5.1.1 no such user", said);
        Assert.Equal("end refused", said[^1]);
        Assert.DoesNotContain(said, line => line.Contains("Number", StringComparison.Ordinal) || line.Contains("Subject", StringComparison.Ordinal));
        Assert.All(rest, line => Assert.InRange(line.GetProperty("ms").GetDouble(), 0, 60_000));
    }

    [Fact]
    public async Task A_trace_of_everything_ends_each_attempt_once_and_the_Mta_stops_while_it_is_read()
    {
        await using var mta = await MtaFixture.StartAsync();
        using var trace = await mta.Client.GetAsync("/v1/trace", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await trace.Content.ReadAsStreamAsync());
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(50)));
        var ends = new List<int>();
        while (ends.Count < 50)
        {
            var line = JsonDocument.Parse((await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))!).RootElement;
            if (line.GetProperty("kind").GetString() == "end")
                ends.Add(line.GetProperty("recipient").GetInt32());
        }

        Assert.Equal(Enumerable.Range(0, 50), ends.Order());
        Assert.Equal(0, await mta.Program.StopAsync());
        // An end, where a stream that nobody ended breaks off.
        Assert.DoesNotContain("\"end\"", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_account_traces_nobody_elses_mail_and_readers_are_few()
    {
        await using var mta = await MtaFixture.StartAsync();
        using var other = new HttpClient { BaseAddress = mta.Program.Url };
        other.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", MtaFixture.OtherKey);
        using var noAddress = await other.GetAsync("/v1/trace?recipient=x");
        Assert.Equal(HttpStatusCode.BadRequest, noAddress.StatusCode);
        using var trace = await other.GetAsync("/v1/trace", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await trace.Content.ReadAsStreamAsync());
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(5)));
        var more = new List<HttpResponseMessage>();
        for (var i = 0; i < 4; i++)
            more.Add(await other.GetAsync("/v1/trace", HttpCompletionOption.ResponseHeadersRead));
        Assert.Equal(HttpStatusCode.TooManyRequests, more[3].StatusCode);
        foreach (var one in more)
            one.Dispose();
        await mta.Program.StopAsync();

        Assert.DoesNotContain("example.com", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(MtaFixture mta, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await mta.Client.SendAsync(request);
        Assert.Equal(accept.Split(';')[0], answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<OpenMetricsText> PageAsync(MtaFixture mta) =>
        OpenMetricsText.Read(await TextAsync(mta, "application/openmetrics-text; version=1.0.0"), open: true);

    /// <summary>How many families the parser finds.</summary>
    private static async Task<int> PythonAsync(string parser, string page)
    {
        var start = new ProcessStartInfo("python3", ["-X", "utf8", "-c", $"import sys; from {parser} import text_string_to_metric_families as p; print(len(list(p(sys.stdin.read()))))"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = ToolFactAttribute.Find("prometheus/usr/lib/python3/dist-packages");
        using var python = Process.Start(start)!;
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.StandardInput.WriteAsync(page);
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        return int.Parse(await output);
    }
}
