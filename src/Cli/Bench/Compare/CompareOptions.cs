namespace Delivery.Cli.Bench.Compare;

/// <summary>What <c>bench compare</c> was asked for.</summary>
internal sealed record CompareOptions
{
    public const int DefaultRounds = 5;

    /// <summary>Bytes of messages that one measurement moves at most, so that large messages do not take hours.</summary>
    private const long MostBytes = 800L << 20;

    public required long Messages { get; init; }

    public required IReadOnlyList<int> SizesBytes { get; init; }

    public required int Connections { get; init; }

    public required int Rounds { get; init; }

    public required int WarmUp { get; init; }

    public string? Json { get; init; }

    public string? Data { get; init; }

    public long MessagesOf(int sizeBytes) => Math.Max(1, Math.Min(Messages, MostBytes / sizeBytes));
}
