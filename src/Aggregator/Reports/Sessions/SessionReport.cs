namespace Delivery.Aggregator.Reports.Sessions;

/// <summary>Whose key a call came with, and what it may do.</summary>
/// <param name="Name">Null for an account of the settings alone, which has none.</param>
/// <param name="TimeZone">By which days and hours are counted where a call names no other.</param>
internal sealed record SessionReport(uint Account, string? Name, string TimeZone, IReadOnlyList<string> Rights);
