using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Cookbook;

/// <summary>Every statement of docs/sql-cookbook.md, asked as analysts ask, gives what a small world is known to hold.</summary>
[Collection(CookbookCollection.Name)]
public sealed partial class CookbookTests(CookbookWorld world)
{
    [Fact]
    public void Every_question_has_expected_rows_and_no_rows_are_left_over()
    {
        Assert.True(CookbookPage.Statements.Count >= 20);
        Assert.Equal(CookbookPage.Statements.Keys.Order(), CookbookPage.Cases.Select(c => c.Question).Distinct().Order());
        Assert.Equal(SqlBlock().Count(CookbookPage.Text), CookbookPage.Statements.Count);
        Assert.All(CookbookPage.Cases, c => Assert.All(c.Changes.Keys, name => Assert.Contains(name, c.Parameters.Keys)));
    }

    [Fact]
    public async Task Every_statement_gives_the_expected_rows_over_plain_HTTP()
    {
        var faults = new StringBuilder();
        foreach (var question in CookbookPage.Cases)
        {
            var address = $"{Address}/?database=delivery&{string.Join('&', question.Parameters.Select(pair => $"param_{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}";
            Compare(question, await RunAsync("curl", ["-sS", "--user", $"analyst:{CookbookWorld.Password}", address, "--data-binary", "@-"], question.Sql), faults);
        }

        Assert.True(faults.Length == 0, faults.ToString());
    }

    [Fact]
    public async Task Every_statement_gives_the_expected_rows_to_the_official_client()
    {
        using var folder = NodeFolder();
        File.Copy(Path.Combine(RepositoryRoot.Path, "tests/Aggregator.Tests/Cookbook/ask.mjs"), folder.File("ask.mjs"));
        var questions = JsonSerializer.Serialize(CookbookPage.Cases.Select(question => new { sql = question.Sql, @params = question.Parameters }));
        var answers = JsonSerializer.Deserialize<string[]>(await RunAsync("node", [folder.File("ask.mjs")], questions))!;
        var faults = new StringBuilder();
        foreach (var (question, answer) in CookbookPage.Cases.Zip(answers))
            Compare(question, answer, faults);
        Assert.True(faults.Length == 0, faults.ToString());
        Assert.Equal(CookbookPage.Cases.Count, answers.Length);
    }

    [Fact]
    public async Task A_customers_reader_gets_the_same_of_its_account_and_nothing_of_another()
    {
        foreach (var question in CookbookPage.Cases.Where(question => question.Parameters["account"] == "7"))
        {
            Assert.Equal((question.Question, await AskAsync("analyst", question)), (question.Question, await AskAsync("customer-7", question)));
            Assert.Equal((question.Question, await AskAsync("analyst", question, account: "9")), (question.Question, await AskAsync("customer-8", question)));
        }
    }

    [Fact]
    public async Task The_page_tells_how_to_connect()
    {
        var row = (await AskAsync("analyst", "SELECT accepted, delivered FROM v_job_summary WHERE account = 7 AND job = 101")).Trim();
        Assert.Equal("8\t7", row);
        var shell = Here(Block("sh")).Replace("param_account=1&param_job=42&default_format=PrettyCompact", "param_account=7&param_job=101&default_format=JSONEachRow", StringComparison.Ordinal);
        Assert.Contains("\"subject\":\"Spring is here\"", await RunAsync("bash", ["-c", shell], ""), StringComparison.Ordinal);
        using var folder = NodeFolder();
        await File.WriteAllTextAsync(folder.File("page.mjs"), Here(Block("js")).Replace("{ account: 1, job: '42' }", "{ account: 7, job: '101' }", StringComparison.Ordinal));
        var answer = await RunAsync("node", [folder.File("page.mjs")], "");
        Assert.Contains("subject: 'Spring is here'", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grafanas_statement_runs_with_its_macros_filled_in()
    {
        var sql = GrafanaBlock().Match(CookbookPage.Text).Groups[1].Value
            .Replace("$__timeInterval(bucket)", "toStartOfInterval(toDateTime(bucket), INTERVAL 3600 second)", StringComparison.Ordinal)
            .Replace("$__timeFilter(bucket)", "bucket >= toDateTime(1772409600) AND bucket <= toDateTime(1772496000)", StringComparison.Ordinal)
            .Replace("${account}", "7", StringComparison.Ordinal);
        Assert.DoesNotContain("$", sql, StringComparison.Ordinal);
        Assert.Equal(
            ["2026-03-02 08:00:00 | 2 | 0", "2026-03-02 09:00:00 | 1 | 3", "2026-03-02 10:00:00 | 1 | 1", "2026-03-02 11:00:00 | 0 | 1", "2026-03-02 12:00:00 | 2 | 0", "2026-03-02 13:00:00 | 1 | 0"],
            CookbookCase.RowsOf(await AskAsync("analyst", sql)));
    }

    [Fact]
    public async Task An_answer_in_the_form_that_Grafana_asks_for_is_given_to_a_reader()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/?database=delivery&default_format=Native&enable_http_compression=1") { Content = new StringContent("SELECT 1 AS one") };
        request.Headers.Authorization = Credentials("analyst");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await world.Server.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var body = new System.IO.Compression.GZipStream(await response.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes);
        Assert.Equal("\u0001\u0001\u0003one\u0005UInt8\u0001", Encoding.Latin1.GetString(bytes.ToArray()));
    }

    private string Address => world.Server.Url.GetLeftPart(UriPartial.Authority);

    private string Here(string text) => text.Replace("http://127.0.0.1:5083", Address, StringComparison.Ordinal).Replace("PASSWORD", CookbookWorld.Password, StringComparison.Ordinal);

    private static string Block(string language) => Regex.Match(CookbookPage.Text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static void Compare(CookbookCase question, string answer, StringBuilder faults)
    {
        var rows = CookbookCase.RowsOf(answer);
        if (!rows.SequenceEqual(question.Rows))
            faults.Append("\n### ").AppendLine(question.Question).AppendLine(string.Join('\n', rows)).AppendLine("  expected:").AppendLine(string.Join('\n', question.Rows));
    }

    private static TemporaryFolder NodeFolder()
    {
        // Node.js looks for packages beside the script and above it.
        var packages = RepositoryRoot.Tool("clickhouse-client/node_modules");
        Assert.True(Directory.Exists(packages), packages + " is missing: run ./delivery tools");
        var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(folder.File("node_modules"), packages);
        return folder;
    }

    private static AuthenticationHeaderValue Credentials(string user) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{CookbookWorld.Password}")));

    private Task<string> AskAsync(string user, CookbookCase question, string? account = null) => AskAsync(
        user, question.Sql, string.Join('&', question.Parameters.Select(pair => $"param_{pair.Key}={Uri.EscapeDataString(pair.Key == "account" && account is not null ? account : pair.Value)}")));

    private async Task<string> AskAsync(string user, string sql, string parameters = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/?database=delivery&" + parameters) { Content = new StringContent(sql) };
        request.Headers.Authorization = Credentials(user);
        using var response = await world.Server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{user}: {sql}\n{text}");
        return text;
    }

    private async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CLICKHOUSE_URL"] = Address;
        start.Environment["CLICKHOUSE_PASSWORD"] = CookbookWorld.Password;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}{output}");
        return output;
    }

    [GeneratedRegex("^```sql$", RegexOptions.Multiline)]
    private static partial Regex SqlBlock();

    [GeneratedRegex("\\*\\*Grafana\\*\\*.*?```\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex GrafanaBlock();
}
