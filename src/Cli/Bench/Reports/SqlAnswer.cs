namespace Delivery.Cli.Bench.Reports;

/// <summary>TSV, and the rows that were read for it.</summary>
internal sealed record SqlAnswer(string Text, long ReadRows)
{
    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
