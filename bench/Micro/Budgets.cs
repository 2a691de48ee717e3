using System.Text.Json;
using System.Text.Json.Serialization;

namespace Delivery.Micro;

/// <summary>The file of the budgets: operation → the most bytes that doing it once may allocate.</summary>
internal static class Budgets
{
    private const string Path = "bench/budgets.json";

    /// <summary>In the checkout that this was built in.</summary>
    public static string FindFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Delivery.sln")))
                return System.IO.Path.Combine(folder.FullName, Path);
        }

        throw new FileNotFoundException($"no Delivery.sln above {AppContext.BaseDirectory}, so {Path} cannot be found");
    }

    public static IReadOnlyDictionary<string, long> Read(string file) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(file), BudgetsJson.Default.DictionaryStringInt64)!;

    public static void Write(string file, Dictionary<string, long> budgets) =>
        File.WriteAllText(file, JsonSerializer.Serialize(budgets, BudgetsJson.Default.DictionaryStringInt64) + "\n");
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class BudgetsJson : JsonSerializerContext;
