namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>What roll-up <c>clicks_by_link</c> has of one link.</summary>
internal sealed record LinkClicks(ushort Position, ushort Link, ulong Clicks, ulong UniqueClicks, ulong MachineClicks, ulong UniqueMachineClicks);
