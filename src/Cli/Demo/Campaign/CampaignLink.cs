namespace Delivery.Cli.Demo.Campaign;

/// <summary>A link as the campaign's author wrote it.</summary>
/// <param name="Position">Ordinal in the source, from 1.</param>
/// <param name="Name">The author's name for it, in the attribute <c>data-link</c>.</param>
/// <param name="Url">The URL in the template, with its expressions.</param>
internal sealed record CampaignLink(int Position, string Name, string Url)
{
    /// <summary>Mail addresses and the way out are not tracked.</summary>
    public bool Tracked => Name is not ("write-us" or "unsubscribe");
}
