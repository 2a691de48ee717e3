using System.Diagnostics;
using System.Text.Json;
using Delivery.Testing;
using Microsoft.Data.Sqlite;

namespace Delivery.Integration.Tests;

/// <summary>An installation that is lost in the middle of a job, and comes back elsewhere from its backup.</summary>
public sealed class BackupTests : IDisposable
{
    private const int Recipients = 400;
    private const int Sent = 100;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Links_accounts_and_suppressions_come_back_and_what_was_being_sent_is_paused()
    {
        var backup = _folder.File("backup.tar.gz");
        var target = _folder.File("elsewhere");
        await using var relay = new ScriptedSmtpServer();
        var never = new TaskCompletionSource();
        relay.AsyncScript = async exchange =>
        {
            if (exchange.Step == SmtpStep.Mail && relay.Messages.Count >= Sent)
                await never.Task;
            return null;
        };
        string key, account, click, job;
        await using (var lost = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{relay.Port}"))
        {
            key = lost.Key;
            await DeliveryAsync("account", "add", "shop", "--data", lost.Data);
            account = (await DeliveryAsync("account", "key", "add", "shop", "--data", lost.Data)).Trim();
            job = await SubmitAsync(lost);
            await Eventually.HoldsAsync(() => relay.Messages.Count >= Sent, "some of it was sent");
            var message = relay.Messages.First();
            click = new Uri(MailLinks.Clicks(message)[0]).PathAndQuery;
            Assert.Contains(" 200", await StatusOfAsync(lost, "-d", "List-Unsubscribe=One-Click", MailLinks.Unsubscribe(message)), StringComparison.Ordinal);
            await Eventually.HoldsAsync(
                async () => (await DeliveryAsync("backup", backup, "--data", lost.Data)).Contains("1 suppressions", StringComparison.Ordinal), "the backup has the suppression");
            await lost.KillAsync();
        }

        never.SetCanceled();
        var told = await DeliveryAsync("restore", backup, "--data", target);
        Assert.Contains("1 unfinished jobs are paused", told, StringComparison.Ordinal);
        Assert.Equal(1L, Spool(target, "SELECT held FROM job"));
        Assert.Equal((long)Recipients, Spool(target, "SELECT count(*) FROM recipient"));

        await using var second = new ScriptedSmtpServer();
        await using var up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{second.Port}", "--data", target);
        Assert.Equal(key, up.Key);
        Assert.Contains(" 302", await StatusOfAsync(up, up.Tracker + click), StringComparison.Ordinal);
        Assert.Contains(" 404", await Shell.RunAsync("curl", ["-s", "-i", "-H", $"Authorization: Bearer {account}", $"{up.Mta}/v1/jobs/1"]), StringComparison.Ordinal);
        var fresh = await SubmitAsync(up, "fresh");
        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () => (status = await JobAsync(up, fresh)).GetProperty("state").GetString() == "finished", "a new job is finished");
        Assert.Equal((Recipients - 1, 1), (status.GetProperty("delivered").GetInt32(), status.GetProperty("dropped").GetInt32()));
        Assert.Equal(Recipients - 1, second.Messages.Count);
        Assert.Equal("paused", (await JobAsync(up, job)).GetProperty("state").GetString());

        await up.CurlAsync("-X", "POST", $"{up.Mta}/v1/jobs/{job}/resume");
        await Eventually.HoldsAsync(
            async () => (status = await JobAsync(up, job)).GetProperty("state").GetString() == "finished", "the resumed job is finished");
        Assert.Equal(Recipients, new[] { "delivered", "dropped" }.Sum(name => status.GetProperty(name).GetInt32()));
        Assert.True(second.Messages.Count > Recipients, "nothing of the resumed job was sent");
    }

    private async Task<string> SubmitAsync(UpProcess up, string campaign = "person")
    {
        var path = _folder.File(campaign + ".json");
        await File.WriteAllTextAsync(path, ExampleJob.Json(campaign, Enumerable.Range(0, Recipients).Select(n => ExampleJob.Address("person", n))));
        var answer = JsonDocument.Parse(await up.CurlAsync("-H", "Content-Type: application/json", "--data-binary", $"@{path}", $"{up.Mta}/v1/jobs")).RootElement;
        Assert.Equal(Recipients, answer.GetProperty("accepted").GetInt32());
        return answer.GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> JobAsync(UpProcess up, string id) => JsonDocument.Parse(await up.CurlAsync($"{up.Mta}/v1/jobs/{id}")).RootElement;

    private static async Task<string> StatusOfAsync(UpProcess up, params string[] arguments) => (await up.CurlAsync(["-i", .. arguments])).Split('\r')[0];

    private static object? Spool(string data, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "spool", "spool.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static async Task<string> DeliveryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory)!);
        start.ArgumentList.Add(Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "Cli", configuration, "Delivery.Cli.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        Assert.True(process.ExitCode == 0, $"{arguments[0]} ended with {process.ExitCode}: {await error}");
        return await output;
    }
}
