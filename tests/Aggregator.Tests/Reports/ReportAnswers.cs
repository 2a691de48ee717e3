using System.Net;
using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Reports;

/// <summary>Answers of reports, asked for by a test.</summary>
internal static class ReportAnswers
{
    public static Task ReadyAsync(this TestAggregator aggregator) => Eventually.HoldsAsync(
        async () =>
        {
            using var answer = await aggregator.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        },
        "ready");

    public static async Task<JsonElement> JsonAsync(this TestAggregator aggregator, string path, string? key = Installation.Key)
    {
        using var response = await aggregator.GetAsync(path, key);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The detail of a problem document.</summary>
    public static async Task<string> ProblemAsync(this TestAggregator aggregator, HttpStatusCode status, string path, string? key = Installation.Key)
    {
        using var response = await aggregator.GetAsync(path, key);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{path}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("detail").GetString()!;
    }

    public static async Task<string> TextAsync(this TestAggregator aggregator, string path, string? accept = null)
    {
        using var response = await aggregator.GetAsync(path, accept: accept);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return text;
    }

    /// <summary>Values along a path of names, as JSON writes them, with blanks between; <c>opens.total</c> goes into an object.</summary>
    public static string Line(this JsonElement row, params string[] paths) => string.Join(' ', paths.Select(path => At(row, path)));

    /// <summary>The rows of a list, each as <see cref="Line"/>.</summary>
    public static string[] Lines(this JsonElement report, string list, params string[] paths) =>
        [.. report.GetProperty(list).EnumerateArray().Select(row => row.Line(paths))];

    private static string At(JsonElement row, string path)
    {
        var value = path.Split('.').Aggregate(row, (at, name) => at.GetProperty(name));
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }
}
