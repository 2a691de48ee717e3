using System.Text.Json;
using System.Text.Json.Serialization;

namespace Delivery.Cli.Demo.Results;

/// <summary>What <c>demo --json</c> writes.</summary>
internal sealed record DemoResult
{
    public required string Job { get; init; }

    /// <summary>Those that ClickHouse has as accepted.</summary>
    public required long Recipients { get; init; }

    public required long Delivered { get; init; }

    public required TotalAndUnique Opens { get; init; }

    public required TotalAndUnique Clicks { get; init; }

    public required long Unsubscribes { get; init; }

    public required IReadOnlyList<LinkFigures> Links { get; init; }

    /// <summary>The same, as submitted and as counted by the readers.</summary>
    public required JobFigures Expected { get; init; }

    public required DemoSeconds Seconds { get; init; }

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, DemoJson.Default.DemoResult) + "\n");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DemoResult))]
internal sealed partial class DemoJson : JsonSerializerContext;
