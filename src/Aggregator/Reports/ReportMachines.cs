namespace Delivery.Aggregator.Reports;

/// <summary>What was opened and clicked by no person.</summary>
internal sealed record ReportMachines(CountPair Opens, CountPair Clicks);
