namespace Delivery.Cli.Demo.Results;

/// <param name="Position">Ordinal of the link in the template, from 1.</param>
/// <param name="Url">As written in the template.</param>
internal sealed record LinkFigures(int Position, string Url, long Clicks, long UniqueClicks)
{
    public override string ToString() => $"{Clicks} clicks by {UniqueClicks} people on {Url}";
}
