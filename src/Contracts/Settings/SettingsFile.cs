using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Delivery.Contracts.Settings;

/// <summary>
/// The one settings file of an installation. Every program reads it; environment variables (<c>Mta__Smtp__RelayHost</c>)
/// and the command line (<c>--Mta:Smtp:RelayHost=…</c>) come before it.
/// </summary>
public static class SettingsFile
{
    /// <summary>Environment variable that names the file.</summary>
    public const string Variable = "DELIVERY_SETTINGS";

    /// <summary>Top-level sections that the file may have.</summary>
    public static IReadOnlyList<string> Sections { get; } =
        ["Redis", "Access", "Mta", "Tracker", "Aggregator", "EmbeddedClickHouse", "Operators", "Logging", "Up"];

    /// <summary>
    /// The command line, with the host told not to watch for changed files: settings are read once, and a watch of the working folder
    /// wakes a thread at every write to a spool or store below it.
    /// </summary>
    public static string[] Arguments(string[] args) => ["--hostBuilder:reloadConfigOnChange=false", .. args];

    /// <summary>Adds the file that <see cref="Variable"/> names, if it names one, below all other sources.</summary>
    /// <exception cref="InvalidDataException">The file has a section that no program knows; the message lists those there are.</exception>
    public static void AddTo(ConfigurationManager configuration)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
            return;
        var source = new JsonConfigurationSource { Path = Path.GetFullPath(path), Optional = false, ReloadOnChange = false };
        source.ResolveFileProvider();
        foreach (var section in new ConfigurationBuilder().Add(source).Build().GetChildren())
        {
            if (!Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                throw new InvalidDataException($"{path}: unknown section '{section.Key}'. Known: {string.Join(", ", Sections)}.");
        }

        configuration.Sources.Insert(0, source);
    }
}
