using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary>Who leaves in the middle of a running job gets nothing of it from a second later on.</summary>
public sealed class UnsubscribeTests
{
    private const string Variable = "DELIVERY_UNSUBSCRIBE_RECIPIENTS";
    private const int Leaving = 60;
    private const int FullSpeedFrom = 100_000;
    private const int Connections = 20;
    private static readonly TimeSpan JobTakes = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Nothing_arrives_more_than_a_second_after_the_answer_of_an_unsubscribe()
    {
        var recipients = int.TryParse(Environment.GetEnvironmentVariable(Variable), out var given) ? given : 20_000;
        var arrived = new ConcurrentDictionary<string, long>();
        var earlier = new ConcurrentDictionary<string, ReceivedMessage>();
        var running = false;
        // As many connections as send, each answering slowly: the job lasts some seconds, however few they are. A large one goes as fast as it can.
        var pause = recipients >= FullSpeedFrom ? TimeSpan.Zero : JobTakes * Connections / recipients;
        await using var relay = new ScriptedSmtpServer
        {
            Keeps = false,
            Taken = message =>
            {
                if (!Volatile.Read(ref running))
                    earlier[message.Recipient] = message;
                else
                    arrived[message.Recipient] = Stopwatch.GetTimestamp();
            },
            AsyncScript = async exchange =>
            {
                if (exchange.Step == SmtpStep.Dot && pause > TimeSpan.Zero && Volatile.Read(ref running))
                    await Task.Delay(pause);
                return null;
            },
        };
        await using var up = await UpProcess.StartAsync(new Dictionary<string, string> { ["Mta__Smtp__Connections"] = $"{Connections}" }, "--relay", $"127.0.0.1:{relay.Port}");
        using var client = new HttpClient { BaseAddress = new Uri(up.Mta), Timeout = Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", up.Key);
        using var reader = new HttpClient();

        // Those who will leave, spread over what is sent later: they have the link from an earlier mail.
        var leaving = Enumerable.Range(0, Leaving).Select(n => recipients / 4 + (int)((long)n * (recipients - 1 - recipients / 4) / (Leaving - 1))).ToList();
        await FinishedAsync(client, await SubmitAsync(client, leaving));
        Assert.Equal(Leaving, earlier.Count);
        Volatile.Write(ref running, true);
        var job = await SubmitAsync(client, Enumerable.Range(0, recipients));
        await Eventually.HoldsAsync(() => arrived.Count >= recipients / 5, "the job is under way", Limit);

        var answered = new ConcurrentDictionary<string, long>();
        await Parallel.ForEachAsync(leaving, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, cancellation) =>
        {
            using var answer = n % 3 == 0
                ? await client.PostAsJsonAsync("/v1/suppressions", new { email = Address(n), reason = "complaint" }, cancellation)
                : await reader.PostAsync(
                    new Uri(MailLinks.Unsubscribe(earlier[Address(n)])), new StringContent("List-Unsubscribe=One-Click", Encoding.UTF8, "application/x-www-form-urlencoded"), cancellation);
            answer.EnsureSuccessStatusCode();
            answered[Address(n)] = Stopwatch.GetTimestamp();
        });
        var underWay = arrived.Count;
        var status = await FinishedAsync(client, job);

        Assert.True(underWay < recipients, "the job was over before they had left");
        var late = leaving.Select(Address).Where(address => arrived.TryGetValue(address, out var at) && Stopwatch.GetElapsedTime(answered[address], at) > TimeSpan.FromSeconds(1)).ToList();
        Assert.Empty(late);
        var spared = leaving.Count(n => !arrived.ContainsKey(Address(n)));
        Assert.InRange(spared, 1, Leaving);
        Assert.Equal(spared, status.GetProperty("dropped").GetInt32());
        Assert.Equal(recipients - spared, status.GetProperty("delivered").GetInt32());
    }

    [Fact]
    public async Task The_commands_add_remove_import_and_export()
    {
        using var folder = new TemporaryFolder();
        await using var relay = new ScriptedSmtpServer();
        await using var up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{relay.Port}");
        await RunAsync("add", "a@example.com", "--reason", "complaint", "--list", "3");
        await File.WriteAllTextAsync(folder.File("in.csv"), "email\r\nb@example.com\r\nc@example.com\r\n");
        await RunAsync("import", folder.File("in.csv"), "--reason", "hard_bounce");
        await RunAsync("remove", "c@example.com");
        await RunAsync("look-up", "b@example.com");
        await RunAsync("export", "--to", folder.File("out.csv"));
        await RunAsync("export", "--to", folder.File("bounces.ndjson"), "--reason", "hard_bounce");

        var lines = (await File.ReadAllTextAsync(folder.File("out.csv"))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("key,reason,list,since", lines[0]);
        Assert.Equal(["complaint,3", "hard_bounce,0"], lines[1..].Select(line => string.Join(',', line.Split(',')[1..3])).Order());
        Assert.Single((await File.ReadAllTextAsync(folder.File("bounces.ndjson"))).Split('\n', StringSplitOptions.RemoveEmptyEntries));

        await File.WriteAllTextAsync(folder.File("bad.ndjson"), "{\"email\":\"x\"}\n");
        Assert.Equal(1, await Cli.CommandLine.RunAsync(["suppressions", "import", folder.File("bad.ndjson"), .. Target()], TextWriter.Null));
        using var error = new StringWriter();
        Assert.Equal(1, await Cli.CommandLine.RunAsync(["suppressions", "add", "x", .. Target()], error));
        Assert.Contains("key must be 32 hexadecimal digits", error.ToString(), StringComparison.Ordinal);

        async Task RunAsync(params string[] arguments)
        {
            using var said = new StringWriter();
            Assert.True(await Cli.CommandLine.RunAsync(["suppressions", .. arguments, .. Target()], said) == 0, said.ToString());
        }

        string[] Target() => ["--url", up.Mta, "--api-key", up.Key];
    }

    private static string Address(int n) => ExampleJob.Address("leave", n);

    private static async Task<string> SubmitAsync(HttpClient client, IEnumerable<int> recipients)
    {
        using var opened = await client.PostAsJsonAsync("/v1/jobs", new
        {
            content = new { from = "news@shop.example", subject = "Number {{n}}", html = "<p>Hello {{n}}, <a href=\"{{unsubscribe_url}}\">leave</a></p>" },
            recipients = (object?)null,
        });
        var id = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        var lines = new StringBuilder();
        foreach (var n in recipients)
            lines.Append($$$"""{"address":"{{{Address(n)}}}","substitution_data":{"n":{{{n}}}}}""").Append('\n');
        using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var taken = await client.PostAsync($"/v1/jobs/{id}/recipients", content);
        taken.EnsureSuccessStatusCode();
        using var started = await client.PostAsync($"/v1/jobs/{id}/start", null);
        started.EnsureSuccessStatusCode();
        return id;
    }

    private static async Task<JsonElement> FinishedAsync(HttpClient client, string job)
    {
        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () => (status = await client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{job}")).GetProperty("state").GetString() == "finished", "the job is finished", Limit);
        return status;
    }
}
