namespace Delivery.Aggregator.Hindsight;

/// <summary>How many tracked links the parts of a job's mail have.</summary>
/// <param name="LastOfHtml">Positions up to this one are of the HTML.</param>
internal readonly record struct LinkCounts(int Html, int Text, ushort LastOfHtml)
{
    public bool IsOfHtml(ushort position) => position <= LastOfHtml;
}
