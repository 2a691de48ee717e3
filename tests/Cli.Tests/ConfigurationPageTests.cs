using System.Text.RegularExpressions;
using Delivery.Cli.Up;
using Delivery.Testing;

namespace Delivery.Cli.Tests;

/// <summary>docs/configuration.md names every setting there is, and none that there is not.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly Dictionary<string, string> Classes = new()
    {
        ["Contracts/Streams/RedisOptions.cs"] = "Redis:",
        ["Contracts/Access/ApiKeyOptions.cs"] = "Access:",
        ["Contracts/Access/ApiKeyEntry.cs"] = "Access:ApiKeys:N:",
        ["Contracts/Telemetry/OperatorOptions.cs"] = "Operators:",
        ["Mta/MtaOptions.cs"] = "Mta:",
        ["Mta/Lanes/AccountRateOptions.cs"] = "Mta:AccountRates:N:",
        ["Mta/Caps/FrequencyCapOptions.cs"] = "Mta:FrequencyCap:",
        ["Mta/Caps/AccountCapOptions.cs"] = "Mta:FrequencyCap:Accounts:N:",
        ["Mta/Lanes/RetryOverride.cs"] = "Mta:Retries:N:",
        ["Mta/Smtp/SmtpOptions.cs"] = "Mta:Smtp:",
        ["Tracker/TrackerOptions.cs"] = "Tracker:",
        ["Tracker/Tls/CertificateOptions.cs"] = "Tracker:Certificates:N:",
        ["Contracts/Readers/ClassificationOptions.cs"] = "Tracker:Classification:",
        ["Contracts/Readers/ReaderNetwork.cs"] = "Tracker:Classification:Networks:N:",
        ["Aggregator/Hindsight/HindsightOptions.cs"] = "Aggregator:Hindsight:",
        ["Aggregator/AggregatorOptions.cs"] = "Aggregator:",
        ["Aggregator/Retention/RetentionOptions.cs"] = "Aggregator:Retention:",
        ["Aggregator/ClickHouse/ClickHouseOptions.cs"] = "Aggregator:ClickHouse:",
        ["Aggregator/Watch/WatchOptions.cs"] = "Aggregator:Watch:",
        ["Aggregator/Webhooks/WebhookOptions.cs"] = "Aggregator:Webhooks:",
        ["Aggregator/Live/LiveOptions.cs"] = "Aggregator:Live:",
        ["EmbeddedClickHouse/EngineOptions.cs"] = "EmbeddedClickHouse:",
        ["EmbeddedClickHouse/ReaderOptions.cs"] = "EmbeddedClickHouse:Readers:N:",
    };

    private readonly string _page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "configuration.md"));

    [Fact]
    public void Every_setting_of_every_program_is_on_the_page_and_the_page_has_no_other()
    {
        var settings = Classes.SelectMany(pair => Property().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", pair.Key)))
                .Select(match => pair.Value + match.Groups[1].Value))
            .Except(["Access:ApiKeys", "Mta:Smtp", "Mta:Retries", "Mta:AccountRates", "Mta:FrequencyCap", "Mta:FrequencyCap:Accounts", "Aggregator:ClickHouse", "Aggregator:Hindsight", "Aggregator:Retention", "Aggregator:Watch", "Aggregator:Webhooks", "Aggregator:Live", "Tracker:Certificates", "Tracker:Classification", "Tracker:Classification:Networks", "EmbeddedClickHouse:Readers"])
            .Order(StringComparer.Ordinal).ToList();
        var listed = Row().Matches(_page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(settings);
        Assert.Equal(settings, listed);
    }

    [Fact]
    public void Every_setting_of_the_launcher_is_on_the_page_with_its_three_names()
    {
        foreach (var setting in UpSetting.All)
        {
            var key = setting.Key.Length > 0 ? $"`Up:{setting.Key}`" : "";
            Assert.Matches($@"\| `{setting.Option}[^`]*` \| `{setting.Variable}` \| {key}", _page);
        }
    }

    [Fact]
    public void No_options_class_is_forgotten()
    {
        var found = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*Options.cs", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains("const string Section", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Path.Combine(RepositoryRoot.Path, "src"), path));
        Assert.Empty(found.Except(Classes.Keys));
    }

    [GeneratedRegex(@"^    public (?!const |static )[\w<>?\[\]]+ (\w+) \{ get;", RegexOptions.Multiline)]
    private static partial Regex Property();

    [GeneratedRegex(@"^\| `((?:Redis|Access|Operators|Mta|Tracker|Aggregator|EmbeddedClickHouse):[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
