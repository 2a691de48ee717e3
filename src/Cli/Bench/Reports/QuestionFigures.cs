namespace Delivery.Cli.Bench.Reports;

/// <summary>One question's times.</summary>
/// <param name="Job">Recipients of the job that was asked about; null where it is not of one job.</param>
/// <param name="ReadRows">That ClickHouse read for it.</param>
/// <param name="MemoryBytes">By which the engine's resident memory rose above what it held before, at most.</param>
/// <param name="Error">Why there are no figures.</param>
internal sealed record QuestionFigures(
    string Question, long? Job, double MedianMs, double WorstMs, long ReadRows, long AnswerBytes, long MemoryBytes, string? Error = null);
