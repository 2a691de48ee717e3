using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>A job whose events are made up.</summary>
/// <param name="Index">Of the jobs, from 0.</param>
/// <param name="StartMs">No event is earlier.</param>
/// <param name="FirstRecipient">Ordinal of its first recipient: not 0 for one job, so that ordinals reach the end of their range.</param>
/// <param name="Recipients">How many it has.</param>
/// <param name="Positions">Links that are clicked; of some jobs more than <paramref name="Links"/> has.</param>
/// <param name="About">Null for a job whose row never came.</param>
internal sealed record OracleJob(
    int Index, uint Account, ulong Id, long StartMs, uint FirstRecipient, int Recipients, int Positions, IReadOnlyList<LinkDimension> Links, JobDimension? About)
{
    /// <summary>Recipients that were accepted so far; some at the end never are.</summary>
    public int Accepted { get; set; }

    public string Name => $"{Account}-{Id}";

    /// <summary>Ordinal of the distinct URL at a position: two neighbours have one.</summary>
    public static ushort LinkAt(int position) => (ushort)((position + 1) / 2);
}
