using Delivery.Contracts.Settings;
using Delivery.Testing;
using Microsoft.Extensions.Configuration;

namespace Delivery.Contracts.Tests.Settings;

/// <summary>The variable belongs to the whole process, so these tests are one class and run one after another.</summary>
public sealed class SettingsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_file_is_read_below_all_other_sources()
    {
        var configuration = Read("""{ "Redis": { "Shards": 4, "Prefix": "file:" } }""", ("Redis:Prefix", "environment:"));
        Assert.Equal("4", configuration["Redis:Shards"]);
        Assert.Equal("environment:", configuration["Redis:Prefix"]);
    }

    [Fact]
    public void A_section_that_nobody_knows_is_refused_by_name()
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read("""{ "Trackr": { } , "Reddis": { "A": 1 } }"""));
        Assert.Contains("Reddis", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Tracker", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_variable_nothing_is_read()
    {
        Environment.SetEnvironmentVariable(SettingsFile.Variable, null);
        using var configuration = new ConfigurationManager();
        var sources = configuration.Sources.Count;
        SettingsFile.AddTo(configuration);
        Assert.Equal(sources, configuration.Sources.Count);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        Environment.SetEnvironmentVariable(SettingsFile.Variable, _folder.File("none.json"));
        using var configuration = new ConfigurationManager();
        var fault = Assert.Throws<FileNotFoundException>(() => SettingsFile.AddTo(configuration));
        Assert.Contains("none.json", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(SettingsFile.Variable, null);
        _folder.Dispose();
    }

    private ConfigurationManager Read(string json, params (string Key, string Value)[] others)
    {
        File.WriteAllText(_folder.File("settings.json"), json);
        Environment.SetEnvironmentVariable(SettingsFile.Variable, _folder.File("settings.json"));
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(others.Select(o => new KeyValuePair<string, string?>(o.Key, o.Value)));
        SettingsFile.AddTo(configuration);
        return configuration;
    }
}
