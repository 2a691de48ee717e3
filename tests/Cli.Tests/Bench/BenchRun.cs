using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Bench;

/// <summary>Runs a measurement as the operator does, in a folder of its own, and reads the JSON that it wrote.</summary>
internal sealed class BenchRun : IDisposable
{
    /// <summary>Measurements run one after another: together they would wait for each other.</summary>
    public const string Collection = "measurements";

    private readonly TemporaryFolder _folder = new();

    public string Data => _folder.File("data");

    public async Task<JsonElement> RunAsync(int expectedCode, params string[] arguments)
    {
        var json = _folder.File("result.json");
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["bench", .. arguments, "--json", json, "--data", Data], error);
        Assert.True(code == expectedCode, $"ended with {code}: {error}");
        using var result = JsonDocument.Parse(File.ReadAllBytes(json));
        return result.RootElement.Clone();
    }

    public void Dispose() => _folder.Dispose();
}
