using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Delivery.Cli.Bench.Send;

namespace Delivery.Cli.Bench;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(SendResult))]
internal sealed partial class BenchJson : JsonSerializerContext
{
    /// <summary>Writes a result; a path of null writes nothing.</summary>
    public static void Write<T>(string? path, T result, JsonTypeInfo<T> type)
    {
        if (path is not null)
            File.WriteAllText(path, JsonSerializer.Serialize(result, type) + "\n");
    }
}
