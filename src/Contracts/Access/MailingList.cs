namespace Delivery.Contracts.Access;

/// <summary>A list that readers can leave by its name.</summary>
public sealed record MailingList
{
    /// <summary>The number that jobs give as <c>options.list</c>, from 1.</summary>
    public required uint Id { get; init; }

    public required LocalName Name { get; init; }
}
