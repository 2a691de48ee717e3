using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Delivery.Cli.Bench.Chunking;
using Delivery.Cli.Bench.Compare;
using Delivery.Cli.Bench.Reports;
using Delivery.Cli.Bench.Rollup;
using Delivery.Cli.Bench.Send;
using Delivery.Cli.Bench.Track;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(SendResult))]
[JsonSerializable(typeof(CompareResult))]
[JsonSerializable(typeof(ChunkingResult))]
[JsonSerializable(typeof(TrackResult))]
[JsonSerializable(typeof(RollupResult))]
[JsonSerializable(typeof(ReportsResult))]
[JsonSerializable(typeof(WorldPlan))]
internal sealed partial class BenchJson : JsonSerializerContext
{
    /// <summary>Where results are kept that are to be committed.</summary>
    public static string ResultFile(string name) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Programs.Root, "bench", "results")).FullName, name + ".json");

    /// <summary>Writes a result; a path of null writes nothing.</summary>
    public static void Write<T>(string? path, T result, JsonTypeInfo<T> type)
    {
        if (path is not null)
            File.WriteAllText(path, JsonSerializer.Serialize(result, type) + "\n");
    }
}
