using System.Collections;
using Delivery.Contracts.Settings;
using Microsoft.Extensions.Configuration;

namespace Delivery.Cli.Up;

/// <summary>Everything the operator said, by precedence: command line, environment, settings file. Immutable.</summary>
internal sealed class SettingSources
{
    private readonly IReadOnlyDictionary<UpSetting, string> _commandLine;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IConfiguration _configured;

    private SettingSources(
        IReadOnlyDictionary<UpSetting, string> commandLine, IReadOnlyDictionary<string, string> environment, IConfiguration configured, string? file)
    {
        _commandLine = commandLine;
        _environment = environment;
        _configured = configured;
        File = file;
    }

    /// <summary>Full path of the settings file, or null.</summary>
    public string? File { get; }

    /// <exception cref="LaunchException">The file is not there or no JSON, or there is a setting that nobody knows.</exception>
    public static SettingSources Read(IReadOnlyDictionary<UpSetting, string> commandLine, IDictionary environment)
    {
        var variables = environment.Cast<DictionaryEntry>()
            .Where(entry => entry.Value is string { Length: > 0 })
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        foreach (var name in variables.Keys.Where(name => name.StartsWith(UpSetting.VariablePrefix, StringComparison.Ordinal)))
        {
            if (UpSetting.All.All(setting => setting.Variable != name))
                throw new LaunchException($"the environment variable {name} is no setting of up; there are {string.Join(", ", UpSetting.All.Select(setting => setting.Variable))}");
        }

        var file = commandLine.GetValueOrDefault(UpSetting.Settings)
            ?? variables.GetValueOrDefault(UpSetting.Settings.Variable)
            ?? variables.GetValueOrDefault(SettingsFile.Variable);
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            file = Path.GetFullPath(file);
            if (!System.IO.File.Exists(file))
                throw new LaunchException($"the settings file {file} is not there");
            builder.AddJsonFile(file, optional: false, reloadOnChange: false);
        }

        IConfiguration configured;
        try
        {
            configured = builder.Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new LaunchException($"the settings file {file} is not valid JSON: {(e.InnerException ?? e).Message}");
        }

        Check(configured, file);
        var merged = new ConfigurationBuilder().AddConfiguration(configured)
            .AddInMemoryCollection(variables.Where(pair => SettingsFile.Sections.Any(section => pair.Key.StartsWith(section + "__", StringComparison.OrdinalIgnoreCase)))
                .Select(pair => new KeyValuePair<string, string?>(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build();
        return new SettingSources(commandLine, variables, merged, file);
    }

    /// <summary>What was said about a setting of the launcher, or null.</summary>
    public SettingValue? Find(UpSetting setting)
    {
        if (_commandLine.TryGetValue(setting, out var text))
            return new SettingValue(text, SettingOrigin.CommandLine, setting.Option);
        if (_environment.TryGetValue(setting.Variable, out text))
            return new SettingValue(text, SettingOrigin.Environment, setting.Variable);
        return setting.Key.Length > 0 ? Program($"Up:{setting.Key}") : null;
    }

    /// <summary>What was said about a setting of one of the programs, such as <c>Mta:TrackerUrl</c>, or null.</summary>
    public SettingValue? Program(string key)
    {
        if (_configured[key] is not { Length: > 0 } text)
            return null;
        var variable = key.Replace(":", "__", StringComparison.Ordinal);
        return _environment.ContainsKey(variable)
            ? new SettingValue(text, SettingOrigin.Environment, variable)
            : new SettingValue(text, SettingOrigin.File, $"{key} in {File}");
    }

    /// <summary>How many API keys the operator has listed under <c>Access:ApiKeys</c>.</summary>
    public int ApiKeys => _configured.GetSection("Access:ApiKeys").GetChildren().Count();

    private static void Check(IConfiguration configured, string? file)
    {
        foreach (var section in configured.GetChildren())
        {
            if (!SettingsFile.Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                throw new LaunchException($"{file}: unknown section '{section.Key}'; known: {string.Join(", ", SettingsFile.Sections)}");
        }

        foreach (var child in configured.GetSection("Up").GetChildren())
        {
            if (!UpSetting.All.Any(setting => setting.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
                throw new LaunchException($"{file}: unknown setting 'Up:{child.Key}'; known: {string.Join(", ", UpSetting.All.Where(setting => setting.Key.Length > 0).Select(setting => setting.Key))}");
        }
    }
}
