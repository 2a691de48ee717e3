using System.Text.Json;
using System.Text.Json.Serialization;

namespace Delivery.Cli.Up;

/// <summary>Where a running installation answers. Carries no password of a store; carries the API key.</summary>
internal sealed record Addresses
{
    public required string Mta { get; init; }

    public required string Tracker { get; init; }

    public required string Reports { get; init; }

    /// <summary>Without user and password.</summary>
    [JsonPropertyName("clickhouse")]
    public required string ClickHouse { get; init; }

    /// <summary>HOST:PORT.</summary>
    public required string Redis { get; init; }

    public string? Sink { get; init; }

    /// <summary>Full path of the folder with the sink's mail; null when it keeps none.</summary>
    public string? Mail { get; init; }

    /// <summary>Null when the operator listed keys of their own under <c>Access:ApiKeys</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The page with the reports.</summary>
    [JsonIgnore]
    public string Page => Reports + "/";

    /// <summary>The page, and the key that it takes out of the address at once. For the demo, whose key ends with it.</summary>
    [JsonIgnore]
    public string PageSignedIn => ApiKey is { } key ? $"{Page}#key={Uri.EscapeDataString(key)}" : Page;

    /// <summary>The line that tells a script that all programs are ready.</summary>
    public string ReadyLine() => "ready " + JsonSerializer.Serialize(this, AddressesJson.Default.Addresses);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Addresses))]
internal sealed partial class AddressesJson : JsonSerializerContext;
