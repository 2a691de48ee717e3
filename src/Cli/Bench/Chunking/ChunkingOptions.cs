using Delivery.Cli.Up;

namespace Delivery.Cli.Bench.Chunking;

/// <summary>What <c>bench chunking</c> was asked for.</summary>
internal sealed record ChunkingOptions
{
    /// <summary>Null takes a sink of the benchmark's own.</summary>
    public HostAndPort? Smtp { get; init; }

    public required long Messages { get; init; }

    public required int SizeBytes { get; init; }

    public required int Connections { get; init; }

    public required int InFlight { get; init; }

    /// <summary>Milliseconds that the proxy adds to a round trip; 0 leaves the proxy out.</summary>
    public required IReadOnlyList<int> DelaysMs { get; init; }

    public required int Rounds { get; init; }

    public string? Json { get; init; }

    public string? Data { get; init; }
}
