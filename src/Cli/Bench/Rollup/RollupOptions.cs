namespace Delivery.Cli.Bench.Rollup;

/// <summary>What <c>bench rollup</c> was asked for.</summary>
internal sealed record RollupOptions
{
    public required long Events { get; init; }

    /// <summary>Events of one stream entry.</summary>
    public required int Packed { get; init; }

    public string? Json { get; init; }

    public string? Data { get; init; }
}
