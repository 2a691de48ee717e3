using System.CommandLine;
using Delivery.Cli.Up;

namespace Delivery.Cli.Backup;

/// <summary>The options that name an installation, with those of <c>up</c>'s names, variables and settings.</summary>
internal sealed class BackupOptions
{
    private readonly Dictionary<UpSetting, Option<string?>> _options = new[] { UpSetting.Data, UpSetting.Redis, UpSetting.Settings }
        .ToDictionary(setting => setting, setting => new Option<string?>(setting.Option) { HelpName = setting.ValueName, Description = setting.Help });

    public BackupOptions(Command command)
    {
        foreach (var option in _options.Values)
            command.Add(option);
    }

    /// <exception cref="LaunchException">The settings file cannot be read.</exception>
    public BackupPlaces Read(ParseResult parsed) => new(SettingSources.Read(
        _options.Where(pair => parsed.GetValue(pair.Value) is not null).ToDictionary(pair => pair.Key, pair => parsed.GetValue(pair.Value)!),
        Environment.GetEnvironmentVariables()));
}
