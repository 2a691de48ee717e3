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

/// <param name="Seconds">Until the merges were done too.</param>
/// <param name="EventsPerSecond">Into the table and all roll-ups, before the merges.</param>
internal sealed record GeneratedFigures(double Seconds, double EventsPerSecond);

/// <summary>One question's times.</summary>
/// <param name="Job">Recipients of the job that was asked about; null where it is not of one job.</param>
/// <param name="ReadRows">That ClickHouse read for it.</param>
/// <param name="MemoryBytes">By which the engine's resident memory rose above what it held before, at most.</param>
/// <param name="Error">Why there are no figures.</param>
internal sealed record QuestionFigures(
    string Question, long? Job, double MedianMs, double WorstMs, long ReadRows, long AnswerBytes, long MemoryBytes, string? Error = null);
