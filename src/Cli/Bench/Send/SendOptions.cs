using Delivery.Cli.Up;

namespace Delivery.Cli.Bench.Send;

/// <summary>What <c>bench send</c> was asked for.</summary>
internal sealed record SendOptions
{
    public const int MaxSizeBytes = 10 << 20;

    /// <summary>The JIT makes the first messages slow: so many go before the clock starts.</summary>
    public const int DefaultWarmUp = 20_000;

    /// <summary>The Mta's own, <c>Mta:Smtp:Connections</c>.</summary>
    public const int DefaultConnections = 20;

    /// <summary>Recipients of one call of the job API.</summary>
    public const int PerCall = 10_000;

    /// <summary>The server that gets the mail; null where only acceptance is measured.</summary>
    public HostAndPort? Smtp { get; init; }

    public bool AllowRemote { get; init; }

    public required long Messages { get; init; }

    /// <summary>Bytes of a message that are aimed at.</summary>
    public required int SizeBytes { get; init; }

    /// <summary>Null leaves the Mta's default.</summary>
    public int? Connections { get; init; }

    public int WarmUp { get; init; } = DefaultWarmUp;

    public bool WithAggregator { get; init; }

    /// <summary>One job, its recipients streamed as lines.</summary>
    public bool Streamed { get; init; }

    public bool AcceptOnly { get; init; }

    /// <summary>Further settings of the programs, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Measure once without DKIM and once with it.</summary>
    public bool Dkim { get; init; }

    public string? Json { get; init; }

    /// <summary>Folder for spool, stores and logs, kept; null takes one and removes it.</summary>
    public string? Data { get; init; }

    public string RedisMemory { get; init; } = "4gb";
}
