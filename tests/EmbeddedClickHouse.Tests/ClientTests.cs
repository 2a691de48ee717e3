using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>The official client for Node.js, in a script that knows nothing of this engine.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ClientTests(SharedClickHouse clickHouse)
{
    private const int Calls = 20;
    private const string Script = "tests/EmbeddedClickHouse.Tests/Client/twenty-calls.mjs";

    [Fact]
    public async Task Twenty_calls_of_the_official_client_pass()
    {
        // Node.js looks for packages beside the script and above it.
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(RepositoryRoot.Path, Script), Path.Combine(folder.Path, "twenty-calls.mjs"));
        var packages = RepositoryRoot.Tool("clickhouse-client/node_modules");
        Assert.True(Directory.Exists(packages), packages + " is missing: run ./delivery tools");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules"), packages);
        var start = new ProcessStartInfo("node", ["twenty-calls.mjs"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CLICKHOUSE_URL"] = clickHouse.Server.Url.GetLeftPart(UriPartial.Authority);
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.All(line => line.StartsWith("ok ", StringComparison.Ordinal)), string.Join('\n', lines.Where(line => !line.StartsWith("ok ", StringComparison.Ordinal))) + errors);
        Assert.Equal(Calls, lines.Length);
        Assert.Equal(0, node.ExitCode);
    }
}
