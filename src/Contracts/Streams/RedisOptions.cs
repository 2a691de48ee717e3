using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace Delivery.Contracts.Streams;

/// <summary>Where the programs meet. Every program of one installation has the same values.</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>StackExchange.Redis configuration, such as <c>127.0.0.1:6379</c> or <c>host:6380,ssl=true,password=…</c>.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1:6379";

    /// <summary>Leads every key, so that an installation can share a Redis.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_.:-]{1,64}$")]
    public string Prefix { get; set; } = "delivery:";

    /// <summary>Event streams. Raised only while none of them holds unread entries.</summary>
    [Range(1, 256)]
    public int Shards { get; set; } = 1;

    private const int ReconnectMs = 500;

    /// <summary>How every program connects: without giving up when Redis is away, and trying again twice a second.</summary>
    /// <exception cref="InvalidDataException"><see cref="Address"/> is not of StackExchange.Redis' form.</exception>
    public ConfigurationOptions ToConfiguration(string clientName)
    {
        try
        {
            var configuration = ConfigurationOptions.Parse(Address);
            configuration.AbortOnConnectFail = false;
            configuration.ReconnectRetryPolicy = new LinearRetry(ReconnectMs);
            configuration.ClientName = clientName;
            return configuration;
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"Redis:Address is not a StackExchange.Redis configuration: {e.Message}");
        }
    }
}
