using System.Collections;
using System.Text.Json;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Up;

public sealed class LaunchPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_is_started_here_unless_said_otherwise()
    {
        var plan = Plan("{}");
        Assert.NotNull(plan.Redis);
        Assert.NotNull(plan.ClickHouse);
        Assert.Equal(["aggregator", "tracker", "mta"], plan.Programs.Select(spec => spec.Name));
        Assert.Equal("127.0.0.1", Mta(plan)["Mta__Smtp__RelayHost"]);
        Assert.Equal("5085", Mta(plan)["Mta__Smtp__RelayPort"]);
        Assert.Equal("http://127.0.0.1:5081", Mta(plan)["Mta__TrackerUrl"]);
        Assert.Equal("http://127.0.0.1:5082", Mta(plan)["Mta__ReportsUrl"]);
        Assert.EndsWith("/dkim", Mta(plan)["Mta__DkimFolder"], StringComparison.Ordinal);
        Assert.All(plan.Programs, spec => Assert.Equal("127.0.0.1:5084", spec.Environment["Redis__Address"]));
    }

    [Fact]
    public void What_the_settings_file_says_of_a_program_holds()
    {
        var plan = Plan("""{"Mta":{"TrackerUrl":"https://t.example","KeysFile":"/keys"},"Tracker":{"Url":"http://0.0.0.0:81"}}""");
        Assert.False(Mta(plan).ContainsKey("Mta__TrackerUrl"));
        Assert.False(Mta(plan).ContainsKey("Mta__KeysFile"));
        Assert.Equal("http://0.0.0.0:81", plan.Addresses.Tracker);
        Assert.Equal("http://127.0.0.1:82", Mta(Plan("""{"Aggregator":{"Url":"http://0.0.0.0:82"}}"""))["Mta__ReportsUrl"]);
        Assert.False(Mta(Plan("""{"Mta":{"ReportsUrl":"https://reports.example"}}""")).ContainsKey("Mta__ReportsUrl"));
        Assert.Equal(_folder.File("settings.json"), Mta(plan)["DELIVERY_SETTINGS"]);
    }

    [Fact]
    public void The_launchers_key_stands_behind_those_that_are_listed()
    {
        const string listed = """{"Access":{"ApiKeys":[{"Account":7,"Key":"0123456789abcdef"}]}}""";
        Assert.Null(Plan(listed).Addresses.ApiKey);
        Assert.DoesNotContain(Mta(Plan(listed)).Keys, name => name.StartsWith("Access__ApiKeys", StringComparison.Ordinal));
        var both = Plan(listed, options => options with { ApiKey = "fedcba9876543210" });
        Assert.Equal("fedcba9876543210", Mta(both)["Access__ApiKeys__1__Key"]);
        Assert.Equal("1", Mta(both)["Access__ApiKeys__1__Account"]);
    }

    [Fact]
    public void No_password_of_a_store_is_in_the_ready_line()
    {
        var plan = Plan("{}", options => options with
        {
            Redis = "redis.example:6379,password=secret1",
            ClickHouse = new Uri("http://me:secret2@ch.example:8123/"),
        });
        Assert.Null(plan.Redis);
        Assert.Null(plan.ClickHouse);
        Assert.DoesNotContain("secret", plan.Addresses.ReadyLine(), StringComparison.Ordinal);
        var aggregator = plan.Programs[0].Environment;
        Assert.Equal("http://ch.example:8123/", aggregator["Aggregator__ClickHouse__Url"]);
        Assert.Equal("me", aggregator["Aggregator__ClickHouse__User"]);
        Assert.Equal("secret2", aggregator["Aggregator__ClickHouse__Password"]);
        Assert.Equal("redis.example:6379,password=secret1", aggregator["Redis__Address"]);
    }

    [Fact]
    public void The_ready_line_is_a_word_and_an_object()
    {
        var line = Plan("{}").Addresses.ReadyLine();
        Assert.StartsWith("ready {", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        using var json = JsonDocument.Parse(line[6..]);
        Assert.Equal(
            ["mta", "tracker", "reports", "clickhouse", "redis", "sink", "mail", "api_key"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("http://127.0.0.1:5080", json.RootElement.GetProperty("mta").GetString());
    }

    [Fact]
    public void The_sinks_mail_is_kept_in_the_data_folder_and_a_relays_is_not()
    {
        Assert.Equal(_folder.File("data/mail"), Plan("{}").Addresses.Mail);
        Assert.Null(Plan("{}", options => options with { KeepMail = false }).Addresses.Mail);
        Assert.Null(Plan("{}", options => options with { Relay = new HostAndPort("relay.example", 25) }).Addresses.Mail);
    }

    private static IReadOnlyDictionary<string, string> Mta(LaunchPlan plan) => plan.Programs.Single(spec => spec.Name == "mta").Environment;

    private LaunchPlan Plan(string settings, Func<UpOptions, UpOptions>? change = null)
    {
        File.WriteAllText(_folder.File("settings.json"), settings);
        var sources = SettingSources.Read(
            new Dictionary<UpSetting, string> { [UpSetting.Settings] = _folder.File("settings.json"), [UpSetting.Sink] = "true" }, new Hashtable());
        var options = UpOptions.From(sources, _folder.File("data"));
        using var data = DataFolder.Open(options.Data);
        return new LaunchPlan(change?.Invoke(options) ?? options, sources, data);
    }
}
