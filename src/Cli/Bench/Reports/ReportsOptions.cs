namespace Delivery.Cli.Bench.Reports;

/// <summary>What <c>bench reports</c> was asked for.</summary>
internal sealed record ReportsOptions
{
    /// <summary>About so many; what they are of is whole people.</summary>
    public required long Events { get; init; }

    public required int Jobs { get; init; }

    /// <summary>Times that each question is asked, after one that is not counted.</summary>
    public required int Rounds { get; init; }

    /// <summary>Where the data stays, and is found again; null for a folder of its own, removed.</summary>
    public string? Folder { get; init; }

    public string? Json { get; init; }
}
