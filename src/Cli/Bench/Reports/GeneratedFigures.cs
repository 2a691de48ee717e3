namespace Delivery.Cli.Bench.Reports;

/// <summary>How fast the data was made.</summary>
/// <param name="Seconds">Until the merges were done too.</param>
/// <param name="EventsPerSecond">Into the table and all roll-ups, before the merges.</param>
internal sealed record GeneratedFigures(double Seconds, double EventsPerSecond);
