using System.ComponentModel.DataAnnotations;

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
}
