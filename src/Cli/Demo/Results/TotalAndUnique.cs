namespace Delivery.Cli.Demo.Results;

/// <param name="Total">Times.</param>
/// <param name="Unique">People.</param>
internal sealed record TotalAndUnique(long Total, long Unique)
{
    public override string ToString() => $"{Total} by {Unique} people";
}
