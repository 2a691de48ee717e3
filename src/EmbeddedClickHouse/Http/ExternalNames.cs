using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Names by which a statement reaches files, programs or the net. What the engine has and no list here calls harmless
/// counts as reaching out, so that a newer engine opens nothing by itself. Compared without regard to case.
/// </summary>
internal sealed class ExternalNames
{
    private static readonly string[] HarmlessTableFunctions =
    [
        "numbers", "numbers_mt", "zeros", "zeros_mt", "generateSeries", "generate_series", "values", "SQLStandardValues", "null", "primes",
        "merge", "format", "dictionary", "generateRandom", "view", "viewIfPermitted", "input", "loop", "mergeTreeIndex", "mergeTreeProjection",
    ];

    private static readonly string[] HarmlessEngines =
    [
        "Alias", "Atomic", "Buffer", "Dictionary", "GenerateRandom", "Join", "Log", "Loop", "MaterializedView", "Memory", "Merge", "Null",
        "Ordinary", "Set", "StripeLog", "TimeSeries", "TinyLog", "View", "WindowView",
    ];

    /// <summary>Scalar functions that reach out; they may also be passed by name, as in <c>arrayMap(file, …)</c>.</summary>
    public static readonly IReadOnlySet<string> Functions = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "file", "catboostEvaluate", "aiClassify", "aiEmbed", "aiExtract", "aiGenerate", "aiTranslate",
    };

    private static readonly string[] SettingPrefixes =
        ["format_schema", "format_template_", "format_avro_schema_registry", "additional_table_filters", "additional_result_filter", "parallel_replicas_custom_key"];

    private static readonly string[] Settings = ["output_format_schema", "input_format_record_errors_file_path", "google_protos_path"];

    private readonly HashSet<string> _calls = new(StringComparer.OrdinalIgnoreCase);

    public ExternalNames(EngineHost engine)
    {
        _calls.UnionWith(engine.TableFunctions);
        _calls.ExceptWith(HarmlessTableFunctions);
        foreach (var name in engine.StorageEngines)
            if (!name.EndsWith("MergeTree", StringComparison.Ordinal)) _calls.Add(name);
        _calls.ExceptWith(HarmlessEngines);
        _calls.UnionWith(Functions);
        _calls.Add("Overlay");
        _calls.Add("disk");
    }

    /// <summary>A function, table function, engine or inline disk of this name reaches out.</summary>
    public bool IsCall(string name) => _calls.Contains(name);

    /// <summary>A setting of this name holds a path, an address or an expression that no syntax tree shows.</summary>
    public static bool IsSetting(string name)
    {
        foreach (var prefix in SettingPrefixes)
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        return Settings.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
