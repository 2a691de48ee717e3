using System.Collections;
using Delivery.Cli.Up;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Up;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        var file = Settings("""{"Up":{"PortBase":1000,"Sink":true}}""");
        Assert.Equal(1000, Options([(UpSetting.Settings, file)]).Ports.Mta);
        Assert.Equal(2000, Options([(UpSetting.Settings, file)], ("DELIVERY_UP_PORT_BASE", "2000")).Ports.Mta);
        Assert.Equal(3000, Options([(UpSetting.Settings, file), (UpSetting.PortBase, "3000")], ("DELIVERY_UP_PORT_BASE", "2000")).Ports.Mta);
    }

    [Fact]
    public void Without_a_word_the_defaults_hold()
    {
        var options = Options([(UpSetting.Sink, "true")]);
        Assert.Equal("/default", options.Data);
        Assert.Equal(PortPlan.FromBase(5080), options.Ports);
        Assert.True(options.Sink);
        Assert.Null(options.Redis);
        Assert.Null(options.ClickHouse);
    }

    [Theory]
    [InlineData("PortBase", "abc")]
    [InlineData("PortBase", "0")]
    [InlineData("PortBase", "65531")]
    [InlineData("Relay", "mail.example.com")]
    [InlineData("Relay", "mail.example.com:0")]
    [InlineData("Relay", "::1:25")]
    [InlineData("ClickHouse", "localhost:8123")]
    [InlineData("ClickHouse", "ftp://localhost")]
    [InlineData("RedisMemory", "lots")]
    [InlineData("RedisFsync", "no")]
    [InlineData("Sink", "perhaps")]
    public void A_value_that_does_not_fit_is_named_with_where_it_was_said(string key, string value)
    {
        var setting = UpSetting.All.Single(candidate => candidate.Key == key);
        (UpSetting, string)[] sink = key is "Relay" or "Sink" ? [] : [(UpSetting.Sink, "true")];
        Refuses(() => Options([.. sink, (setting, value)]), setting.Option, value);
        Refuses(() => Options(sink, (setting.Variable, value)), setting.Variable, value);
    }

    private static void Refuses(Func<UpOptions> options, string source, string value)
    {
        var error = Assert.Throws<LaunchException>(options);
        Assert.Contains(source, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
    }

    [Fact]
    public void A_key_that_does_not_fit_is_not_repeated()
    {
        var error = Assert.Throws<LaunchException>(() => Options([(UpSetting.Sink, "true"), (UpSetting.ApiKey, "too-short")]));
        Assert.Contains("--api-key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("too-short", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relay_and_the_sink_at_once_are_refused_but_the_command_line_may_overrule_the_file()
    {
        Assert.Throws<LaunchException>(() => Options([(UpSetting.Sink, "true"), (UpSetting.Relay, "relay.example:25")]));
        var file = Settings("""{"Up":{"Relay":"relay.example:25"}}""");
        Assert.True(Options([(UpSetting.Settings, file), (UpSetting.Sink, "true")]).Sink);
        Assert.Equal(new HostAndPort("relay.example", 25), Options([(UpSetting.Settings, file)]).Relay);
    }

    [Fact]
    public void The_relay_of_the_mta_counts_too()
    {
        var file = Settings("""{"Mta":{"Smtp":{"RelayHost":"fe80::1","RelayPort":2525}}}""");
        Assert.Equal(new HostAndPort("fe80::1", 2525), Options([(UpSetting.Settings, file)]).Relay);
    }

    [Fact]
    public void A_store_that_the_programs_are_told_is_not_started_anew()
    {
        var file = Settings("""{"Redis":{"Address":"redis.example:6379"},"Aggregator":{"ClickHouse":{"Url":"http://ch.example:8123"}}}""");
        var options = Options([(UpSetting.Settings, file), (UpSetting.Sink, "true")]);
        Assert.Equal("redis.example:6379", options.Redis);
        Assert.Equal(new Uri("http://ch.example:8123"), options.ClickHouse);
    }

    [Fact]
    public void A_variable_nobody_knows_is_an_error()
    {
        var error = Assert.Throws<LaunchException>(() => Options([(UpSetting.Sink, "true")], ("DELIVERY_UP_PROT_BASE", "1")));
        Assert.Contains("DELIVERY_UP_PROT_BASE", error.Message, StringComparison.Ordinal);
        Assert.Contains("DELIVERY_UP_PORT_BASE", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Up":{"PortBse":1}}""", "Up:PortBse")]
    [InlineData("""{"Mat":{"Url":"http://127.0.0.1:1"}}""", "Mat")]
    [InlineData("""{"Up":""", "JSON")]
    public void A_file_with_a_fault_is_an_error_that_names_it(string json, string expected)
    {
        var file = Settings(json);
        var error = Assert.Throws<LaunchException>(() => Options([(UpSetting.Settings, file)]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error()
    {
        var error = Assert.Throws<LaunchException>(() => Options([(UpSetting.Settings, _folder.File("none.json"))]));
        Assert.Contains("none.json", error.Message, StringComparison.Ordinal);
    }

    private string Settings(string json)
    {
        var path = _folder.File("settings.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static UpOptions Options((UpSetting, string)[] given, params (string, string)[] environment) => UpOptions.From(
        SettingSources.Read(given.ToDictionary(pair => pair.Item1, pair => pair.Item2), new Hashtable(environment.ToDictionary(pair => pair.Item1, pair => pair.Item2))),
        "/default");
}
