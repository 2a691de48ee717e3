namespace Delivery.Cli.Bench.Reports;

/// <summary>What <c>bench reports --json</c> writes.</summary>
internal sealed record ReportsResult
{
    public required long Events { get; init; }

    public required long Recipients { get; init; }

    public required int Jobs { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Null where the data was there.</summary>
    public GeneratedFigures? Generated { get; init; }

    /// <summary>Compressed, by table.</summary>
    public required IReadOnlyDictionary<string, long> BytesOnDisk { get; init; }

    public required IReadOnlyList<QuestionFigures> Reports { get; init; }

    public required IReadOnlyList<QuestionFigures> Cookbook { get; init; }

    public required MachineFigures Machine { get; init; }
}
