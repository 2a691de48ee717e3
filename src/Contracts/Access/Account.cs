namespace Delivery.Contracts.Access;

/// <summary>An account as the accounts file has it.</summary>
public sealed record Account
{
    /// <summary>From 1; never given to another account again.</summary>
    public required uint Id { get; init; }

    public required string Name { get; init; }

    /// <summary>No key of a disabled account is known, also none of the settings.</summary>
    public bool Disabled { get; init; }

    /// <summary>Domains that mail may be from, in lower case and A-labels; <c>*.example.com</c> stands for all below it. None listed: any.</summary>
    public IReadOnlyList<string> FromDomains { get; init => field = value ?? []; } = [];

    /// <summary>Recipients that an Mta takes in a day of UTC; null: any number.</summary>
    public long? MaxRecipientsPerDay { get; init; }

    /// <summary>Jobs that an Mta has open or unfinished at one time; null: any number.</summary>
    public int? MaxJobs { get; init; }

    /// <summary>What readers know the sender as; null where pages say no name.</summary>
    public LocalName? DisplayName { get; init; }

    /// <summary>Lists that readers can leave one by one; a list that is not among them has no name, and is left by mail of its own.</summary>
    public IReadOnlyList<MailingList> Lists { get; init => field = value ?? []; } = [];

    /// <summary>Where links, pixel and unsubscribe link of its mail lead, a <see cref="Access.TrackingUrl"/>; null: where those of all mail lead.</summary>
    public string? TrackingUrl { get; init; }

    /// <summary>By which reports count days and hours, an IANA name such as <c>Europe/Berlin</c>; null: UTC.</summary>
    public string? TimeZone { get; init; }

    public IReadOnlyList<AccountKey> Keys { get; init => field = value ?? []; } = [];

    /// <param name="domain">In A-labels, any case.</param>
    public bool MayUse(ReadOnlySpan<char> domain)
    {
        if (FromDomains.Count == 0)
            return true;
        foreach (var allowed in FromDomains)
        {
            if (allowed is ['*', .. var below] ? domain.Length > below.Length && domain.EndsWith(below, StringComparison.OrdinalIgnoreCase)
                : domain.Equals(allowed, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
