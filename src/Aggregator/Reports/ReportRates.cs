namespace Delivery.Aggregator.Reports;

/// <summary>Shares from 0 to 1 of people; null where there is nobody to divide by.</summary>
internal sealed record ReportRates(double? Open, double? Click, double? ClickToOpen, double? Unsubscribe, double? Bounce);
