using System.Diagnostics;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary><c>delivery up --relay</c> to servers that others wrote.</summary>
public sealed class RelayTests : IDisposable
{
    private const int Recipients = 60;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Smtp_sink_gets_every_message()
    {
        var port = FreePort.Next();
        using var sink = PostfixTools.Start("smtp-sink", ["-d", $"{_folder.Path}/%M.", $"127.0.0.1:{port}", "100"], _folder.Path);
        await DeliverAsync(port, () => Directory.GetFiles(_folder.Path).Count(file => !file.EndsWith("job.json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Aiosmtpd_gets_every_message()
    {
        var port = FreePort.Next();
        var start = new ProcessStartInfo("python3") { WorkingDirectory = _folder.Path };
        start.Environment["PYTHONPATH"] = RepositoryRoot.Tool("python/usr/lib/python3/dist-packages");
        foreach (var argument in new[] { "-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", _folder.File("maildir") })
            start.ArgumentList.Add(argument);
        using var server = Process.Start(start)!;
        try
        {
            await DeliverAsync(port, () => Directory.GetFiles(_folder.File("maildir/new")).Length);
        }
        finally
        {
            server.Kill();
        }
    }

    [Fact]
    public async Task Postfix_gets_every_message()
    {
        if (Environment.UserName != "root")
            return; // Postfix gives up its rights to an account of its own and so starts as root only.
        await using var postfix = await PostfixProcess.StartAsync();
        await DeliverAsync(postfix.Port, () => postfix.Delivered().Distinct().Count());
    }

    public void Dispose() => _folder.Dispose();

    private async Task DeliverAsync(int port, Func<int> arrived)
    {
        await using var up = await UpProcess.StartAsync(null, "--relay", $"127.0.0.1:{port}");
        var job = await ExampleJob.FileAsync(_folder.Path, Recipients);
        var answer = JsonDocument.Parse(await up.CurlAsync("-H", "Content-Type: application/json", "--data-binary", $"@{job}", $"{up.Mta}/v1/jobs")).RootElement;
        Assert.Equal(Recipients, answer.GetProperty("accepted").GetInt32());

        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                status = JsonDocument.Parse(await up.CurlAsync($"{up.Mta}/v1/jobs/{answer.GetProperty("id").GetString()}")).RootElement;
                return status.GetProperty("state").GetString() == "finished";
            },
            "the job is finished");

        Assert.Equal(Recipients, status.GetProperty("delivered").GetInt32());
        await Eventually.HoldsAsync(() => arrived() == Recipients, "the relay has every message");
        Assert.Equal(0, await up.StopAsync());
    }
}
