using System.CommandLine;
using Delivery.Cli.Up;
using Delivery.Contracts.Settings;

namespace Delivery.Cli.Audit;

/// <summary>The stores that an audit reads: those that the operator names, as for <c>up</c>, else those of the installation that runs.</summary>
internal sealed class AuditStores
{
    private readonly Dictionary<UpSetting, Option<string?>> _options = new[] { UpSetting.Data, UpSetting.Redis, UpSetting.ClickHouse, UpSetting.Settings }
        .ToDictionary(setting => setting, setting => new Option<string?>(setting.Option) { HelpName = setting.ValueName, Description = setting.Help });

    public AuditStores(Command command)
    {
        foreach (var option in _options.Values)
            command.Add(option);
    }

    /// <summary>Settings of the aggregator, as environment variables.</summary>
    /// <exception cref="LaunchException">Nothing says where a store is.</exception>
    public Dictionary<string, string> Read(ParseResult parsed)
    {
        var sources = SettingSources.Read(
            _options.Where(pair => parsed.GetValue(pair.Value) is not null).ToDictionary(pair => pair.Key, pair => parsed.GetValue(pair.Value)!),
            Environment.GetEnvironmentVariables());
        var folder = Path.GetFullPath(sources.Find(UpSetting.Data)?.Text ?? Path.Combine(Programs.Root, ".delivery"));
        var known = DataFolder.FindAddresses(folder);
        var redis = sources.Find(UpSetting.Redis)?.Text ?? sources.Program("Redis:Address")?.Text ?? known?.Redis;
        var clickHouse = sources.Find(UpSetting.ClickHouse)?.Text ?? sources.Program("Aggregator:ClickHouse:Url")?.Text ?? known?.ClickHouse;
        if (redis is null || clickHouse is null)
            throw new LaunchException($"nothing runs from {folder}: start it with ./delivery up, or name the stores with --redis and --clickhouse");
        if (!Uri.TryCreate(clickHouse, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new LaunchException("--clickhouse is not http://HOST:PORT or https://HOST:PORT");
        var settings = new Dictionary<string, string>
        {
            ["Redis__Address"] = redis,
            ["Aggregator__ClickHouse__Url"] = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            ["Logging__LogLevel__Default"] = "None",
        };
        if (sources.File is { } file)
            settings[SettingsFile.Variable] = file;
        if (url.UserInfo.Length > 0)
        {
            var parts = url.UserInfo.Split(':', 2);
            settings["Aggregator__ClickHouse__User"] = Uri.UnescapeDataString(parts[0]);
            settings["Aggregator__ClickHouse__Password"] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        }

        return settings;
    }
}
