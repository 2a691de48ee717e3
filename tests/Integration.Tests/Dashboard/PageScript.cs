using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Dashboard;

/// <summary>Runs one of the scripts beside this file, which drive the page as its users do.</summary>
internal static class PageScript
{
    private const int LimitSeconds = 240;

    /// <summary>Returns what the script printed; fails with what it said where it ends with an error or does not end.</summary>
    public static async Task<JsonElement> RunAsync(string name, object input)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests", "Integration.Tests", "Dashboard");
        using var text = new TemporaryFolder();
        var file = text.File("input.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(input));
        var output = await Shell.RunAsync(
            "timeout", "-k", "10", $"{LimitSeconds}", "node", Path.Combine(folder, name), file, RepositoryRoot.Tool("page"), RepositoryRoot.Tool("bin/chromium"));
        return JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
    }
}
