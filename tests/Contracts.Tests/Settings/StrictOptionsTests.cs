using Delivery.Contracts.Settings;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Delivery.Contracts.Tests.Settings;

public sealed class StrictOptionsTests
{
    [Fact]
    public void Settings_are_bound_and_defaults_stay()
    {
        var options = Bind(("Redis:Prefix", "x:"), ("Redis:Shards", "4"));
        Assert.Equal(("127.0.0.1:6379", "x:", 4), (options.Address, options.Prefix, options.Shards));
    }

    [Theory]
    [InlineData("Redis:Shard", "4", "Shard")]
    [InlineData("Redis:Adress", "x", "Adress")]
    [InlineData("Redis:Shards", "0", "Shards")]
    [InlineData("Redis:Shards", "257", "Shards")]
    [InlineData("Redis:Shards", "many", "Redis:Shards")]
    [InlineData("Redis:Prefix", "", "Prefix")]
    [InlineData("Redis:Prefix", "a{b}", "Prefix")]
    [InlineData("Redis:Address", "", "Address")]
    public void A_typo_and_a_value_out_of_range_are_refused_by_name(string key, string value, string named)
    {
        var fault = Assert.ThrowsAny<Exception>(() => Bind((key, value)));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_setting_stops_the_start()
    {
        using var services = Services(("Redis:Shards", "0"));
        var fault = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains("Shards", fault.Message, StringComparison.Ordinal);
    }

    private static RedisOptions Bind(params (string Key, string Value)[] settings)
    {
        using var services = Services(settings);
        return services.GetRequiredService<IOptions<RedisOptions>>().Value;
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddStrict<RedisOptions>(RedisOptions.Section);
        return services.BuildServiceProvider();
    }
}
