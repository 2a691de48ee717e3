namespace Delivery.Aggregator.Reports.Figures;

/// <summary>Events of one kind in one slot, as the roll-up has them.</summary>
/// <param name="Kind">As in column <c>kind</c>.</param>
/// <param name="Human">0 for what machines opened or clicked, else 1.</param>
/// <param name="Events">How many.</param>
/// <param name="People">How many recipients of the job, or of the jobs one by one.</param>
internal sealed record FigureRow(string Kind, byte Human, ulong Events, ulong People)
{
    /// <summary>Of whatever the rows are told apart by; what it counts is for the statement to say.</summary>
    public ulong Slot { get; init; }

    /// <summary>Seconds that the clocks of the zone are ahead of UTC in this slot, where it is a time.</summary>
    public int Ahead { get; init; }
}
